import type { Action, Fields } from "./action.ts";
import type { PageDocument, PageElement, PageNode } from "./browser.ts";
import type { Branch, Happening, Tree } from "./tree.ts";

/** A tree as it stands on the screen. */
type Live = LiveText | LiveBranch;
interface LiveText {
  tree: string;
  readonly node: PageNode;
}
interface LiveBranch {
  tree: Branch;
  readonly node: PageElement;
  children: Live[];
}

/**
 * Puts trees on the screen and afterwards changes only what differs, so that focus, typed text and scroll stay where they
 * are. Text goes in as text nodes and attributes by name; there is no way from here to markup.
 */
export function drawing(
  root: PageElement,
  document: PageDocument,
  act: (action: Action, fields: Fields) => void,
): (trees: readonly Tree[]) => void {
  let live: Live[] = [];
  return (trees) => {
    live = drawn(root, live, trees);
  };

  function drawn(parent: PageElement, before: readonly Live[], trees: readonly Tree[]): Live[] {
    for (const gone of before.slice(trees.length)) gone.node.remove();
    return trees.map((tree, place) => {
      const known = before[place];
      if (known !== undefined && changed(known, tree)) return known;
      const fresh = made(tree);
      if (known === undefined) parent.append(fresh.node);
      else known.node.replaceWith(fresh.node);
      focusIn(fresh);
      return fresh;
    });
  }

  /** True when the same node could be made to show it. */
  function changed(live: Live, tree: Tree): boolean {
    if (typeof tree === "string" || !("children" in live)) {
      if (typeof tree !== "string" || "children" in live) return false;
      if (live.tree !== tree) live.node.nodeValue = tree;
      live.tree = tree;
      return true;
    }
    if (live.tree.tag !== tree.tag || kindsOf(live.tree) !== kindsOf(tree)) return false;
    // What is typed into one form must not turn up in another.
    if (tree.tag === "form" && JSON.stringify(live.tree.on) !== JSON.stringify(tree.on)) return false;
    for (const name of Object.keys(live.tree.attributes))
      if (!(name in tree.attributes)) live.node.removeAttribute(name);
    for (const [name, value] of Object.entries(tree.attributes))
      if (live.tree.attributes[name] !== value) live.node.setAttribute(name, value);
    live.children = drawn(live.node, live.children, tree.children);
    live.tree = tree;
    return true;
  }

  function made(tree: Tree): Live {
    if (typeof tree === "string") return { tree, node: document.createTextNode(tree) };
    const node = document.createElement(tree.tag);
    for (const [name, value] of Object.entries(tree.attributes)) node.setAttribute(name, value);
    const live: LiveBranch = { tree, node, children: [] };
    for (const kind of happenings)
      if (tree.on[kind])
        node.addEventListener(kind, (event) => {
          event.preventDefault();
          // As the tree stands now, not as it stood when the node was made.
          const action = live.tree.on[kind];
          if (action) act(action, fieldsOf(live));
        });
    live.children = tree.children.map((child) => {
      const below = made(child);
      node.append(below.node);
      return below;
    });
    return live;
  }
}

const happenings: readonly Happening[] = ["click", "submit"];
const kindsOf = ({ on }: Branch): string => happenings.filter((kind) => on[kind]).join();

/** What was typed below a form, by field name. */
function fieldsOf(live: Live): Fields {
  if (!("children" in live)) return {};
  const { name } = live.tree.attributes;
  const own: Fields = name !== undefined && live.tree.tag === "input" ? { [name]: live.node.value ?? "" } : {};
  return live.children.reduce<Fields>((all, child) => ({ ...all, ...fieldsOf(child) }), own);
}

/** A question that has just been opened takes the focus to its answer. */
function focusIn(live: Live): void {
  if (!("children" in live)) return;
  if ("data-focus" in live.tree.attributes) live.node.focus();
  live.children.forEach(focusIn);
}
