// Types of options.js, which has to run before anything that strips types is installed.
export type CommandName =
  | "start"
  | "test"
  | "check"
  | "synth"
  | "bench"
  | "console"
  | "stories"
  | "simulate"
  | "worlds";

export class Unfit extends Error {}

export function helpOf(command: CommandName): string;

export function readOptions(
  command: CommandName,
  words: readonly string[],
): { readonly flags: ReadonlySet<string>; readonly texts: Readonly<Record<string, string>> };

export function wholeNumber(option: string, text: string, least: number, most?: number): number;
