/** The one route of call-vendor: the HTTP API makes it, behind the operators' token. `role` is the least that may. */
export const route = { method: "POST", path: "/companies/{company}/call", role: "engineer" } as const;
