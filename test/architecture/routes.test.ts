import { expect, test } from "vitest";
import { routes } from "#functions/operate/routes.ts";
import { everyFile } from "#test/support/sources.ts";

test("operate's README has one row for each route, with its method, its path and its role", () => {
  const readme = everyFile().find(({ path }) => path === "functions/operate/README.md")?.text ?? "";
  const rows = [...readme.matchAll(/^\|\s*`([A-Z]+) ([a-z/]+)`\s*\|\s*(\w+)\s*\|\s*\S/gm)];
  const listed = rows.map(([, method, path, role]) => `${method} /companies/{company}/${path} ${role}`);
  expect(listed).toEqual(routes.map(({ method, path, role }) => `${method} ${path} ${role}`));
});
