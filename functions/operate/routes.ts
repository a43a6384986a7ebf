/** The routes of operate: the HTTP API makes them and the handler matches them. All of them are behind the operators' token. */
export const routes = [{ method: "ANY", path: "/companies/{company}/{proxy+}" }] as const;
