import type { LookOf } from "../connector.ts";

/** Both writes find their record by id, else by phone, else by e-mail. */
const found =
  (read: string): LookOf =>
  ({ phone, email, ...sent }) => {
    const search = phone ?? email;
    if (search === undefined) return null;
    const of = phone === undefined ? { email } : { phone };
    const wants = [{ of, shows: { ...of, ...sent, ...(email === undefined ? {} : { email }) } }];
    return { read, input: { search, limit: 1000 }, rows: "data", wants, expect: "there" };
  };

/** How each write is found again; the words for it stand in its row. */
export const looks: Readonly<Record<string, LookOf>> = {
  upsertCustomer: ({ id, ...sent }, at) =>
    id === undefined
      ? found("listCustomers")(sent, at)
      : { read: "getCustomer", input: { id }, rows: "data", wants: [{ shows: sent }], expect: "there" },
  upsertLead: found("listLeads"),
};
