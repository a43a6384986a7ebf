import { describe, expect, test } from "vitest";
import { connectors } from "#shared/connectors/registry.ts";
import { cases } from "./cases/index.ts";
import { keepsTheContract } from "./connector/suite.ts";

test("every vendor of the registry has a case", () => {
  expect(cases.map((one) => one.connector.vendor)).toEqual(Object.keys(connectors));
});

describe.each(cases)("$connector.vendor", keepsTheContract);
