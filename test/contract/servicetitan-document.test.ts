import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { servicetitan } from "#shared/connectors/servicetitan/index.ts";
import * as z from "#shared/domain/schema.ts";

/** What the vendor's document prints: per action its inputs and its example, which shows shapes and no real values. */
const document = z
  .strictObject({
    actions: z.record(z.string(), z.strictObject({ inputs: z.array(z.string()), reply: z.unknown() })),
    pickLists: z.record(z.string(), z.array(z.strictObject({ key: z.string(), label: z.string() }))),
  })
  .parse(JSON.parse(readFileSync(new URL("../fixtures/servicetitan/examples.json", import.meta.url), "utf8")));

const table: Readonly<
  Record<string, { readonly row: { readonly input?: z.ZodMiniType }; readonly output?: z.ZodMiniType }>
> = servicetitan;

/** Labels whose API name is not the label itself; `null` has its reason beside it. */
const names: Readonly<Record<string, string | null>> = {
  Connection: null, // the client that the call is made with
  "Job Memo": "memo",
  "Customer Contact Type": "type",
  "Customer Contact Type Value": "value",
  "Send Confirmation Email": "isSendConfirmationEmail",
  "Attachment File": "file",
  "Azure Active Directory User Id": "aadUserId",
  Biography: "bio",
  "Login Username": "login",
  "Jobs IDs": "jobIds",
  "Retry Delay (ms)": "retryDelayMS",
  URL: "url",
  ID: "id",
};

/** The same label means another field in some actions. */
const own: Readonly<Record<string, string>> = {
  "createAppointment/Technician ID": "technicianIds", // the API's field is a list; a single technicianId is ignored
  "createCustomer/Location": "locations",
  "createCustomer/Customer Type": "type",
  "updateCustomer/Customer Type": "type",
  "createProject/Start": "startDate",
  "updateProject/Start": "startDate",
  "createTechnician/Address": "home",
  "updateTechnician/Address": "home",
};

function nameOf(action: string, label: string): string | null {
  const known = own[`${action}/${label}`] ?? names[label];
  if (known !== undefined) return known;
  const [first = "", ...rest] = label.split(" ");
  const word = (text: string) =>
    /^(ID|URL|PO|SKU)$/.test(text) ? text[0] + text.slice(1).toLowerCase() : text === "IDs" ? "Ids" : text;
  const start = /^[A-Z]+$/.test(first) ? first.toLowerCase() : first[0]?.toLowerCase() + first.slice(1);
  return [start, ...rest.map(word)].join("");
}

function inputsOf(key: string): string[] {
  const schema = z.toJSONSchema(table[key]?.row.input ?? z.never(), { unrepresentable: "any" });
  return Object.keys(schema.properties ?? {});
}

/** Paths of all keys that the example prints, arrays as `[]`. */
function printed(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => printed(one, `${at}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [`${at}.${name}`, ...printed(inner, `${at}.${name}`)]);
}

/** Paths of all keys that the schema names; what may be missing, null or one of several is looked into. */
function described(schema: z.core.JSONSchema.BaseSchema | boolean | undefined, at = ""): string[] {
  if (typeof schema !== "object") return [];
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => described(one, at));
  const items = Array.isArray(schema.items) ? [] : described(schema.items, `${at}[]`);
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
    `${at}.${name}`,
    ...described(one, `${at}.${name}`),
  ]);
  return [...inner, ...items, ...members];
}

test("the table holds the 58 actions and 9 pick lists under their keys as printed", () => {
  expect(Object.keys(document.actions).length).toBe(58);
  expect(Object.keys(document.pickLists).length).toBe(9);
  const missing = [...Object.keys(document.actions), ...Object.keys(document.pickLists)].filter(
    (key) => !(key in table),
  );
  expect(missing).toEqual([]);
  expect(table["deleteCustomersContact"]).toBeDefined();
});

test.each(Object.entries(document.actions))("%s takes every input that the document names", (key, { inputs }) => {
  const taken = inputsOf(key);
  const wanted = inputs.map((label) => nameOf(key, label)).filter((name) => name !== null);
  expect(wanted.filter((name) => !taken.includes(name))).toEqual([]);
});

test.each(Object.entries(document.actions).filter(([, { reply }]) => printed(reply).length > 0))(
  "%s describes every key that the document's example prints",
  (key, { reply }) => {
    const output = table[key]?.output;
    const known = new Set(
      described(output ? z.toJSONSchema(output, { unrepresentable: "any", reused: "inline" }) : undefined),
    );
    expect([...new Set(printed(reply))].filter((path) => !known.has(path))).toEqual([]);
  },
);
