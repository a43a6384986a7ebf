import type { DialSheet } from "../kit/dials.ts";

export const rotorDials: DialSheet = {
  dailyLimit: { default: 1000, from: "documented", about: "Requests a day and key; one more is answered 429." },
  dayResetHour: { default: 0, from: "assumed", about: "UTC hour at which the day of the limit begins." },
  defaultLimit: { default: 50, from: "assumed", about: "Page size when none is asked for; the example shows 50." },
  versionHeader: {
    default: "optional",
    values: ["optional", "required"],
    from: "assumed",
    about:
      "Whether a request without rotor-api-version is refused; the curl examples omit it, the SDK calls it required.",
  },
  noValue: {
    default: "absent",
    values: ["absent", "null"],
    from: "assumed",
    about: "How a field without a value is printed; every field is documented as optional.",
  },
  leftOut: {
    default: "",
    from: "simulator",
    about: "Comma-separated names of fields that no reply prints, e.g. service_date,total_received.",
  },
  archivedCompletedShown: {
    default: false,
    from: "assumed",
    about: "Whether an archived job that is completed stays in the completed list.",
  },
};
