import type { Assembly, Resource, StackTemplate } from "./template.ts";

/** The account and region everything local claims to be in; fauxqs fixes the account number. */
export const account = "000000000000";
export const region = "us-east-1";

/** What Ref (attribute undefined) or Fn::GetAtt of a resource answers on this machine. */
export type Naming = (resource: Resource, attribute: string | undefined) => string;

export interface Resolver {
  /** Replaces every intrinsic function under `value`, which stands in the named stack; throws on one it does not know. */
  resolve(stack: string, value: unknown): unknown;
}

interface Scope {
  readonly assembly: Assembly;
  readonly stack: StackTemplate;
  readonly naming: Naming;
  /** Outputs under way, to name a circle instead of overflowing the stack. */
  readonly path: readonly string[];
}

/** AWS::NoValue: the property around it is left out. */
const noValue = Symbol("AWS::NoValue");

/** Resolves over all stacks together, so that an import of another stack's output is followed to its resource. */
export function resolver(assembly: Assembly, naming: Naming): Resolver {
  return {
    resolve(stack, value) {
      const result = evaluate(value, { assembly, stack: stackNamed(assembly, stack), naming, path: [] });
      return result === noValue ? undefined : result;
    },
  };
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => reference(word(name, "Ref"), scope),
  "Fn::GetAtt": (argument, scope) => {
    const [logicalId, ...attribute] = typeof argument === "string" ? argument.split(".") : words(argument, scope);
    return scope.naming(resourceNamed(scope, logicalId ?? ""), attribute.join("."));
  },
  "Fn::Join": (argument, scope) => {
    const [separator, parts] = list(argument);
    return words(parts, scope).join(word(separator, "Fn::Join"));
  },
  "Fn::Sub": substitute,
  "Fn::Select": (argument, scope) => {
    const [index, from] = list(argument);
    const items = list(evaluate(from, scope));
    const chosen = items[Number(evaluate(index, scope))];
    if (chosen === undefined) throw new Error(`Fn::Select ${String(index)}: the list has ${items.length} items`);
    return chosen;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, from] = list(argument);
    return word(evaluate(from, scope), "Fn::Split").split(word(separator, "Fn::Split"));
  },
  "Fn::Base64": (argument, scope) => Buffer.from(word(evaluate(argument, scope), "Fn::Base64")).toString("base64"),
  "Fn::FindInMap": (argument, scope) => {
    const [map, first, second] = words(argument, scope);
    const found = scope.stack.mappings[map ?? ""]?.[first ?? ""]?.[second ?? ""];
    if (found === undefined) throw new Error(`Fn::FindInMap: no ${map}.${first}.${second} in ${scope.stack.name}`);
    return found;
  },
  "Fn::If": (argument, scope) => {
    const [condition, yes, no] = list(argument);
    return evaluate(holds(word(condition, "Fn::If"), scope) ? yes : no, scope);
  },
  "Fn::Equals": (argument, scope) => {
    const [left, right] = list(evaluate(argument, scope));
    return JSON.stringify(left) === JSON.stringify(right);
  },
  "Fn::Not": (argument, scope) => !list(evaluate(argument, scope))[0],
  "Fn::And": (argument, scope) => list(evaluate(argument, scope)).every(Boolean),
  "Fn::Or": (argument, scope) => list(evaluate(argument, scope)).some(Boolean),
  Condition: (name, scope) => holds(word(name, "Condition"), scope),
  "Fn::ImportValue": (argument, scope) => imported(word(evaluate(argument, scope), "Fn::ImportValue"), scope),
  "Fn::GetStackOutput": (argument, scope) => {
    const { StackName, OutputName } = record(evaluate(argument, scope));
    const stack = stackNamed(scope.assembly, word(StackName, "Fn::GetStackOutput"));
    return output(stack, word(OutputName, "Fn::GetStackOutput"), scope);
  },
};

function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== noValue);
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [key, argument] = only;
    const intrinsic = intrinsics[key];
    // `Condition` is a function only inside conditions; elsewhere (IAM) it is a property like any other.
    if (intrinsic && (key !== "Condition" || typeof argument === "string")) return intrinsic(argument, scope);
    if (key.startsWith("Fn::")) throw new Error(`${scope.stack.name}: ${key} is not known to the local stack`);
  }
  const result: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    const resolved = evaluate(item, scope);
    if (resolved !== noValue) result[key] = resolved;
  }
  return result;
}

function reference(name: string, scope: Scope): unknown {
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::AccountId": account,
    "AWS::Region": region,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": scope.stack.name,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/${scope.stack.name}/local`,
    "AWS::NotificationARNs": [],
    "AWS::NoValue": noValue,
  };
  if (name in pseudo) return pseudo[name];
  const parameter = scope.stack.parameters.get(name);
  if (parameter !== undefined) return parameter;
  return scope.naming(resourceNamed(scope, name), undefined);
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = typeof argument === "string" ? [argument, {}] : list(argument);
  const named = record(evaluate(variables ?? {}, scope));
  return word(template, "Fn::Sub").replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in named) return word(named[name], "Fn::Sub");
    const [logicalId = "", ...attribute] = name.split(".");
    if (attribute.length === 0) return word(reference(name, scope), "Fn::Sub");
    return scope.naming(resourceNamed(scope, logicalId), attribute.join("."));
  });
}

function imported(exportName: string, scope: Scope): unknown {
  for (const stack of scope.assembly.stacks.values()) {
    for (const [id, { exportName: declared }] of stack.outputs) {
      if (declared === undefined) continue;
      if (evaluate(declared, { ...scope, stack }) === exportName) return output(stack, id, scope);
    }
  }
  throw new Error(`${scope.stack.name} imports ${exportName}, which no stack exports`);
}

function output(stack: StackTemplate, id: string, scope: Scope): unknown {
  const place = `${stack.name}.${id}`;
  if (scope.path.includes(place))
    throw new Error(`outputs go round in a circle: ${[...scope.path, place].join(" -> ")}`);
  const declared = stack.outputs.get(id);
  if (!declared) throw new Error(`${scope.stack.name} reads output ${place}, which is not there`);
  return evaluate(declared.value, { ...scope, stack, path: [...scope.path, place] });
}

function holds(name: string, scope: Scope): boolean {
  if (!scope.stack.conditions.has(name)) throw new Error(`${scope.stack.name} has no condition ${name}`);
  return Boolean(evaluate(scope.stack.conditions.get(name), scope));
}

function stackNamed(assembly: Assembly, name: string): StackTemplate {
  const stack = assembly.stacks.get(name);
  if (!stack) throw new Error(`no stack ${name}; there are ${[...assembly.stacks.keys()].join(", ")}`);
  return stack;
}

function resourceNamed(scope: Scope, logicalId: string): Resource {
  const resource = scope.stack.resources.get(logicalId);
  if (!resource) throw new Error(`${scope.stack.name} has no resource or parameter ${logicalId}`);
  return resource;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`expected a list in the template, found ${JSON.stringify(value)}`);
  return value;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null)
    throw new Error(`expected an object, found ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

function words(value: unknown, scope: Scope): string[] {
  return list(evaluate(value, scope)).map((item) => word(item, "a list of strings"));
}

function word(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`expected a string in ${where}, found ${JSON.stringify(value)}`);
}
