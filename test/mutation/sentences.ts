import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** A node of the syntax tree as far as it is looked at here. */
interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  readonly expressions?: readonly SyntaxNode[];
  readonly arguments?: readonly SyntaxNode[];
  readonly object?: SyntaxNode;
  readonly callee?: SyntaxNode;
}

const wordBesideSpace = /(^|\s)[A-Za-z][A-Za-z'’-]+[,.;:]?\s|\s[A-Za-z][A-Za-z'’-]+/;
const plain = new Set(["Identifier", "MemberExpression", "CallExpression"]);

/** Names, members and calls of them: nothing in it that could be decided otherwise. */
function decidesNothing(node: SyntaxNode): boolean {
  const parts = [node.object, node.callee, ...(node.arguments ?? [])];
  return plain.has(node.type) && parts.every((part) => part === undefined || decidesNothing(part));
}

/**
 * What people read is not mutated: a text in which a word stands beside a space. Keys, kinds, states and names of
 * fields have no spaces, so every text by which the code decides stays in; so does a template that decides within.
 */
export function isSentence(node: SyntaxNode): boolean {
  if (node.type === "StringLiteral") return wordBesideSpace.test(String(node.value));
  if (node.type !== "TemplateLiteral") return false;
  const fixed = (node.quasis ?? []).map((piece) => piece.value.raw).join("\0");
  return wordBesideSpace.test(fixed) && (node.expressions ?? []).every(decidesNothing);
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "sentences", {
    shouldIgnore: (path: { readonly node: SyntaxNode }) =>
      isSentence(path.node) ? "a sentence for people" : undefined,
  }),
];
