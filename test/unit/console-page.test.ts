import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { calls } from "#console/calls.ts";
import { drawing } from "#console/draw.ts";
import { pageHeaders } from "#console/headers.ts";
import { fragmentOf, type Place, placeOf } from "#console/place.ts";
import { may, roles, sessionOf } from "#console/session.ts";
import { nothingKnown } from "#console/state.ts";
import { h, type Tree } from "#console/tree.ts";
import { tellingOf } from "#console/views/parts.ts";
import { routes } from "#functions/operate/routes.ts";
import { roles as known } from "#shared/runtime/asked.ts";
import { FakeElement, fakeDocument, tokenOf } from "#test/support/page.ts";
import { codeIn } from "#test/support/sources.ts";

describe("what the page asks", () => {
  test("is the terminal's own routes, with the least role that each needs", () => {
    for (const { method, path, role } of Object.values(calls))
      expect(routes).toContainEqual(expect.objectContaining({ method, role, path: `/companies/{company}/${path}` }));
    expect(roles).toEqual(known);
  });

  test("goes through one table: nothing else fetches but the door's key", () => {
    const fetching = codeIn("console").filter(({ text }) => /\bfetch\(|\bapi\.(get|post)\(/.test(text));
    expect(fetching.map(({ path }) => path)).toEqual(["console/calls.ts", "console/page.ts"]);
  });
});

describe("where a person is", () => {
  test.each<[string, Place]>([
    ["", { at: "money" }],
    ["#/breaks", { at: "breaks" }],
    ["#/nowhere", { at: "money" }],
    ["#/job/", { at: "money" }],
    ["#/job/st-main%3A10268", { at: "job", name: "st-main:10268" }],
    ["#/job/50%", { at: "job", name: "50%" }],
  ])("%s", (fragment, place) => {
    expect(placeOf(fragment)).toEqual(place);
  });

  test("a place comes back from its address, whatever the job is called", () => {
    for (const name of ["10268", "a/b", "ctc-boulder:JOB-1 #2", "ä%"])
      expect(placeOf(fragmentOf({ at: "job", name }))).toEqual({ at: "job", name });
  });
});

describe("a token", () => {
  test("is read for who, which company and what role; what is none is refused", () => {
    const claims = { sub: "Zoë", company: "ridgeline", role: "bookkeeper", aud: "plumbline" };
    expect(sessionOf(`${tokenOf(claims)}\n`)).toEqual({
      token: tokenOf(claims),
      sub: "Zoë",
      company: "ridgeline",
      role: "bookkeeper",
    });
    for (const text of ["", "a.b", "a.!!!.c", "a.b.c", "a.b.c.d", tokenOf({ ...claims, role: "owner" })])
      expect(sessionOf(text)).toBeNull();
  });

  test("a role may what those before it may", () => {
    const session = sessionOf(tokenOf({ sub: "a", company: "c", role: "bookkeeper" }));
    expect(session && roles.map((role) => may(session, role))).toEqual([true, true, false]);
  });
});

test("money is minor units with the company's currency; times are on the company's clock", () => {
  const { money, at, system } = tellingOf(nothingKnown);
  expect([money(226363), money(-1255), money(5), money(0)]).toEqual(["$2,263.63", "-$12.55", "$0.05", "$0.00"]);
  expect([at("2026-11-01T06:30:00.000Z"), at(null), system("st-main")]).toEqual(["1 Nov 06:30", "never", "st-main"]);
});

describe("drawing", () => {
  const opened = () => {
    const root = new FakeElement("div");
    const acted: unknown[] = [];
    const draw = drawing(root, fakeDocument(), (action, fields) => void acted.push([action, fields]));
    return { root, acted, draw };
  };
  const hostile = '<img src=x onerror="alert(1)">';

  test("what a vendor wrote stays text, wherever it is put", () => {
    const { root, draw } = opened();
    draw([h("p", { title: hostile }, hostile), hostile]);
    expect(root.text).toBe(hostile + hostile);
    expect(root.all().map(({ tag }) => tag)).toEqual(["div", "p"]);
  });

  test("no file of the page can take markup or make code from text", () => {
    const ways =
      /innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|\beval\(|new Function|javascript:|srcdoc/;
    expect(codeIn("console").filter(({ text }) => ways.test(text))).toEqual([]);
  });

  test("what stays the same keeps its node, so that typed text and focus stay too", () => {
    const { root, draw } = opened();
    const form = (why: string): Tree =>
      h("form", {}, [h("p", {}, why), h("input", { name: "why" })], { submit: { do: "stop" } });
    draw([h("h1", {}, "One"), form("Why?")]);
    const input = root.all().find(({ tag }) => tag === "input");
    if (!input) throw new Error("no input");
    input.value = "month end";
    draw([h("h1", { class: "big" }, "Two"), form("Why, then?"), h("p", {}, "more")]);
    expect(root.all().find(({ tag }) => tag === "input")).toBe(input);
    expect(root.text).toBe("TwoWhy, then?more");
    draw([h("h1", {}, "Two")]);
    expect(root.all().map(({ tag }) => tag)).toEqual(["div", "h1"]);
    expect(root.all()[1]?.attributes).toEqual(new Map());
  });

  test("a form that asks something else is another form: nothing typed into one turns up in the other", () => {
    const { root, draw } = opened();
    const form = (bound: string): Tree =>
      h("form", {}, [h("input", { name: "why" })], {
        submit: { do: "reject", seen: { job: "j", intent: "i", bound } },
      });
    draw([form("1")]);
    const before = root.all().find(({ tag }) => tag === "input");
    draw([form("2")]);
    expect(root.all().find(({ tag }) => tag === "input")).not.toBe(before);
  });

  test("a press does what the page says now, and a form hands over what was typed", () => {
    const { root, acted, draw } = opened();
    draw([h("button", {}, "Follow", { click: { do: "follow" } })]);
    draw([h("button", {}, "Refresh", { click: { do: "refresh" } })]);
    root.all()[1]?.happen("click");
    draw([h("form", {}, [h("input", { name: "why", "data-focus": true })], { submit: { do: "stop" } })]);
    const input = root.all().find(({ tag }) => tag === "input");
    if (!input) throw new Error("no input");
    input.value = "month end";
    root.all()[1]?.happen("submit");
    expect(input.focused).toBe(1);
    expect(acted).toEqual([
      [{ do: "refresh" }, {}],
      [{ do: "stop" }, { why: "month end" }],
    ]);
  });
});

describe("the page's files", () => {
  const file = (name: string): string => readFileSync(new URL(`../../console/${name}`, import.meta.url), "utf8");

  test("the document holds no script, no style and no address of its own but its files", () => {
    const html = file("index.html");
    const named = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => name !== "page.js")).toSatisfy((names: string[]) =>
      names.every((name) => readdirSync(new URL("../../console/", import.meta.url)).includes(name)),
    );
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  test("nothing is asked of anybody else, and nobody may frame it", () => {
    const policy = pageHeaders()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
    const away = pageHeaders("https://api.example/prod")["content-security-policy"];
    expect(away).toContain("connect-src 'self' https://api.example;");
    for (const name of ["style.css", "parts.css", "mark.svg"])
      expect(file(name).replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|@import|url\(/);
  });

  /** WCAG's relative luminance of #rrggbb. */
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const schemes = file("style.css").split("prefers-color-scheme: dark");
  const pairs = [
    ...["ink", "soft", "brass", "good", "bad", "due"].flatMap((ink) => [
      [ink, "paper"],
      [ink, "sheet"],
    ]),
    ["on-brass", "brass"],
    ["sheet", "bad"],
    ["good", "good-ground"],
    ["bad", "bad-ground"],
    ["due", "due-ground"],
    ["ink", "calm-ground"],
    ["soft", "calm-ground"],
  ] as const;

  test.each(["light", "dark"])("every text can be read in the %s scheme: 4.5 to 1 or more", (scheme) => {
    const css = schemes[scheme === "light" ? 0 : 1] ?? "";
    const colour = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(css)?.[1] ?? "#000000";
    const weak = pairs.filter(([ink = "", ground = ""]) => {
      const [light = 0, dark = 0] = [luminance(colour(ink)), luminance(colour(ground))].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05) < 4.5;
    });
    expect(weak).toEqual([]);
  });
});
