/** One record as a line of comma-separated text, without the line's end (RFC 4180). */
export function recordText(fields: readonly string[]): string {
  return fields.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(",");
}

/** Records of comma-separated text with the line each begins on (RFC 4180). */
export function recordsOf(text: string): readonly { readonly fields: readonly string[]; readonly line: number }[] {
  const records: { fields: string[]; line: number }[] = [];
  let line = 1;
  let record = { fields: [""], line };
  let isQuoted = false;
  const add = (character: string): void => {
    record.fields.push(`${record.fields.pop() ?? ""}${character}`);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\n") line++;
    if (isQuoted) {
      if (character !== '"') add(character);
      else if (text[at + 1] === '"') add(text[++at] ?? "");
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ",") record.fields.push("");
    else if (character === "\n") {
      records.push(record);
      record = { fields: [""], line };
    } else if (character !== "\r") add(character);
  }
  if (record.fields.length > 1 || record.fields[0] !== "") records.push(record);
  return records;
}
