import { defineVendor } from "../kit/vendor.ts";

export const vendor = defineVendor({
  id: "servicetitan",
  base: "",
  collections: {},
  dials: {},
  routes: [],
  authenticate: () => ({ reply: { status: 401 } }),
  replies: {
    notFound: () => ({ status: 404 }),
    badBody: () => ({ status: 400 }),
    serverError: () => ({ status: 500 }),
  },
});
