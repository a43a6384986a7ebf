import { dispatch } from "#shared/pipeline/dispatch.ts";
import { scheduled } from "#shared/runtime/scheduled.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = scheduled({
  name: "dispatch-due",
  work: async (run) => {
    const done = await dispatch({ ...deps, timeLeftMs: run.timeLeftMs });
    if (done.schedulesMade > 0) run.log.write("PL031", { made: done.schedulesMade });
    if (done.dropped > 0) run.log.write("PL032", { dropped: done.dropped });
    return { ...done };
  },
});
