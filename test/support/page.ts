import type { Action } from "#console/action.ts";
import type { PageDocument, PageElement, PageEvent, PageNode } from "#console/browser.ts";
import type { Branch, Tree } from "#console/tree.ts";

/** Reads a page's trees as a person would: its words, and what can be pressed. */
export function textOf(trees: readonly Tree[]): string {
  const words = (tree: Tree): string =>
    typeof tree === "string" ? tree : tree.children.map(words).join(tree.tag === "tr" ? " | " : "");
  return trees.map(words).join("\n");
}

export function branches(trees: readonly Tree[]): readonly Branch[] {
  return trees.flatMap((tree) => (typeof tree === "string" ? [] : [tree, ...branches(tree.children)]));
}

/** What the button or form with these words does. */
export function actionOf(trees: readonly Tree[], words: string): Action {
  const found = branches(trees).find(
    ({ tag, on, children }) =>
      (tag === "button" && on.click && textOf(children).startsWith(words)) ||
      (tag === "form" &&
        on.submit &&
        branches(children).some((one) => one.tag === "button" && textOf([one]) === words)),
  );
  const action = found?.on.click ?? found?.on.submit;
  if (!action) throw new Error(`nothing to press says ${words}; there is: ${textOf(trees)}`);
  return action;
}

/** A token nobody signed, with these claims; the page reads it and only the API would judge it. */
export function tokenOf(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.signature`;
}

/** As much of a document as the page touches. It has no way to take markup, as the page has none to give it. */
export class FakeNode implements PageNode {
  nodeValue: string | null;
  parent: FakeElement | null = null;
  constructor(text: string | null) {
    this.nodeValue = text;
  }
  replaceWith(next: PageNode): void {
    if (!(next instanceof FakeNode) || !this.parent) throw new Error("not in the document");
    this.parent.children[this.parent.children.indexOf(this)] = next;
    next.parent = this.parent;
    this.parent = null;
  }
  remove(): void {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }
  get text(): string {
    return this.nodeValue ?? "";
  }
}

export class FakeElement extends FakeNode implements PageElement {
  readonly tag: string;
  readonly attributes = new Map<string, string>();
  readonly children: FakeNode[] = [];
  readonly listeners = new Map<string, (event: PageEvent) => void>();
  value = "";
  focused = 0;
  constructor(tag: string) {
    super(null);
    this.tag = tag;
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }
  append(child: PageNode): void {
    if (!(child instanceof FakeNode)) throw new Error("not of this document");
    child.parent = this;
    this.children.push(child);
  }
  addEventListener(kind: string, listener: (event: PageEvent) => void): void {
    this.listeners.set(kind, listener);
  }
  focus(): void {
    this.focused++;
  }
  override get text(): string {
    return this.children.map((child) => child.text).join("");
  }
  /** This element and all below it. */
  all(): readonly FakeElement[] {
    return [this, ...this.children.flatMap((child) => (child instanceof FakeElement ? child.all() : []))];
  }
  happen(kind: string): void {
    this.listeners.get(kind)?.({ preventDefault: () => {} });
  }
}

export const fakeDocument = (): PageDocument => ({
  title: "",
  visibilityState: "visible",
  createElement: (tag) => new FakeElement(tag),
  createTextNode: (text) => new FakeNode(text),
  querySelector: () => null,
});
