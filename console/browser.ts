/**
 * The parts of a browser that the page touches, and no others: nothing here takes markup, so no text can become any.
 * They stand here as types of our own so that views and drawing are checked and tested without a browser.
 */
export interface PageNode {
  nodeValue: string | null;
  replaceWith(next: PageNode): void;
  remove(): void;
}

export interface PageEvent {
  preventDefault(): void;
}

export interface PageElement extends PageNode {
  /** What was typed, in an input. */
  readonly value?: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  getAttribute(name: string): string | null;
  append(child: PageNode): void;
  addEventListener(kind: string, listener: (event: PageEvent) => void): void;
  focus(): void;
}

export interface PageDocument {
  title: string;
  readonly visibilityState: string;
  createElement(tag: string): PageElement;
  createTextNode(text: string): PageNode;
  querySelector(selector: string): PageElement | null;
}

export interface PageWindow {
  readonly location: { hash: string; readonly pathname: string };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  readonly sessionStorage: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
    removeItem(name: string): void;
  };
  addEventListener(kind: "hashchange", listener: () => void): void;
}
