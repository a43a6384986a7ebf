/**
 * Takes out of an SDK client what only tells: the redacted copy of each input and output for a logger that nobody set,
 * and the user agent's list of features. A quarter of what a request costs the processor (docs/decisions-ground.md).
 */
export function spare<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  for (const name of ["loggerMiddleware", "getUserAgentMiddleware"]) client.middlewareStack.remove(name);
  return client;
}
