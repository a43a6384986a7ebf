/** "1 job", "2 jobs"; `many` where it is no plain plural. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
