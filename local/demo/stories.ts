import type { CrosswalkRow, DemoAct } from "./demo.ts";
import { badDayLooks, type Struck } from "./faults.ts";
import * as agreeing from "./stories/agreeing.ts";
import * as charges from "./stories/charges.ts";
import * as oddities from "./stories/oddities.ts";
import * as payments from "./stories/payments.ts";
import * as writing from "./stories/writing.ts";
import { tell } from "./story.ts";
import type { World } from "./world.ts";

/** Numbers of ServiceTitan jobs and of the branch's cards that stories use; quiet jobs take the others. */
export const storyNumbers: ReadonlySet<string> = new Set(
  (
    "1001 10229 10237 10241 10244 10252 10253 10263 10268 10271 10274 10277 10280 10283 10286 10290 10291 10294 10297 " +
    "10300 10303 10306 10309 10312 10313 10316 10319 10322 10325 10326 10327 10328 10329 10330 10331 10333 10334"
  ).split(" "),
);
export const storyCards: ReadonlySet<number> = new Set([
  871, 874, 926, 930, 931, 934, 937, 939, 941, 944, 947, 948, 949, 950, 952, 960,
]);

/** Tells every story, and answers what the bookkeeper does and where faults strike. */
export function tellStories(world: World): { script: DemoAct[]; crosswalk: CrosswalkRow[]; struck: Struck } {
  agreeing.allFourAgree(world);
  writing.doneInOfficeOpenInBranch(world);
  writing.clientStillPending(world);
  writing.shopNetworkLock(world);
  payments.cashInTheTruck(world);
  charges.forgottenToBill(world);
  charges.neverReachedTheOffice(world);
  const twice = charges.twiceInBranch(world);
  payments.returnedCheck(world);
  charges.taxLeftOut(world);
  payments.refundNotInOffice(world);
  payments.shortByTheCardFee(world);
  payments.nobodyKnows(world);
  const moved = payments.paymentOnTheWrongJob(world);
  charges.lateDiscount(world);
  charges.oneInvoiceSixVans(world);
  payments.depositBeforeWork(world);
  agreeing.warrantyCallback(world);
  agreeing.notOurEntry(world);
  charges.canceledInOffice(world);
  agreeing.deletedInBranch(world);
  oddities.sameNumberOtherJob(world);
  writing.crewChanged(world);
  writing.officeMovedIt(world);
  writing.bothMovedIt(world);
  agreeing.lateOnTheLastEvening(world);
  oddities.clockChangeNight(world);
  agreeing.threeTimesAndBackwards(world);
  const lost = writing.lostAnswer(world);
  const silent = writing.aTwoHundredThatDidNothing(world);
  oddities.newWord(world);
  oddities.customerMerged(world);
  const badDay = "Three vendors fail on Saturday: said so, nothing is lost, and all is caught up by night.";
  tell(world, 33, "vendor-bad-day", badDay, []);
  oddities.aCent(world);
  return {
    script: [twice.act, moved, ...badDayLooks],
    crosswalk: twice.rows,
    struck: { branchJob: lost.branch?.id ?? "", officeJob: silent.office.id },
  };
}
