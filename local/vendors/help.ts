const overview = `Simulators of ServiceTitan, Rotor, Fleetio and Custom Trades CRM on this machine.

  npm run simulators -- [--vendors rotor,fleetio] [--data DIR] [--seed N] [--port-base N]
      Starts them, prints their addresses as one JSON line and stays until Ctrl-C.
      --vendors    which ones; all when left out
      --data       folder of their logs; a restart on the same folder goes on where it stopped (.plumbline/vendors)
      --seed       ids made by a new folder depend on it (1)
      --port-base  first port; 0 takes free ones (0)

In another terminal, against those running on the same --data (or --url ADDRESS of one vendor):

  npm run simulators -- clock   [--now INSTANT] [--vendor V]
  npm run simulators -- account --vendor V --id A --credentials JSON [--settings JSON]
  npm run simulators -- webhook --vendor V --account A --webhook ADDRESS --secret TEXT
  npm run simulators -- plant   --vendor V --account A --collection C --key K [--op update] [--fields JSON] [--at INSTANT]
  npm run simulators -- dials   --vendor V [--account A] [NAME=VALUE ...]
  npm run simulators -- fault   --vendor V --kind K [--path REGEX] [--method M] [--times N] | --clear
  npm run simulators -- dump    --vendor V --account A [--out FILE]
  npm run simulators -- load    --vendor V --account A --from FILE
  npm run simulators -- compare --vendor V --account A --with FILE
  npm run simulators -- log     --vendor V [--account A] [--from SEQ]
  npm run simulators -- requests [--vendor V]

  npm run simulators -- help COMMAND says more. The control API itself: local/vendors/kit/README.md.
`;

const pages: Record<string, string> = {
  clock: `clock [--now 2026-10-29T14:00:00Z] [--vendor V]
  Without --now: prints each vendor's simulated instant and the next thing that is due.
  With --now: what is due until then happens (planted edits, webhooks), then time stands there.
`,
  account: `account --vendor V --id A --credentials JSON [--settings JSON]
  Makes or changes an account: a new folder has none, and whoever names none is refused as the vendor refuses.
  Credentials: servicetitan {tenant, clientId, clientSecret, applicationKey}, rotor and customtrades {apiKey},
  fleetio {apiKey, accountToken}.

  npm run simulators -- account --vendor rotor --id crews --credentials '{"apiKey":"rotor_1"}'
`,
  webhook: `webhook --vendor V --account A --webhook ADDRESS --secret TEXT
  Sends the account's events there, signed with the secret.
`,
  plant: `plant --vendor V --account A --collection C --key K [--op create|update|remove] [--fields JSON]
      [--at INSTANT] [--label TEXT] [--no-touch] [--no-notify]
  Does what a person would do in the vendor's own screens: at --at (now when left out) the record changes,
  its modified time moves (not with --no-touch) and webhooks go out (not with --no-notify).
  Under a clock that stands, the edit happens when the clock is next set.

  npm run simulators -- plant --vendor rotor --account rotor-crews --collection jobs --key JOB --fields '{"total_received":450}'
`,
  dials: `dials --vendor V [--account A] [NAME=VALUE ...]
  Without names: lists every dial with its default and what it means. With names: sets them, for one account or for all.
  A VALUE is JSON, or plain text when it is no JSON.

  npm run simulators -- dials --vendor rotor dailyLimit=20
`,
  fault: `fault --vendor V --kind delay|status|reset-before|reset-after|truncate|content-type|html|timeout-after
      [--account A] [--method M] [--path REGEX] [--status N] [--body JSON] [--ms N] [--times N] [--from INSTANT] [--until INSTANT]
fault --vendor V --clear
  Requests that fit fail in this way, --times of them at most. reset-after and timeout-after: the write is done, the answer never comes.
`,
  dump: `dump --vendor V --account A [--out FILE]
  Prints all records of an account, by collection and key, or writes them to FILE.
`,
  load: `load --vendor V --account A --from FILE
  Replaces all records of an account by those of FILE (as written by dump).
`,
  compare: `compare --vendor V --account A --with FILE
  Says which records and fields differ between FILE (as written by dump) and now. Exit code 1 when something differs.
`,
  log: `log --vendor V [--account A] [--from SEQ]
  Prints the log, one JSON line an entry: every accepted write, planted edit, delivery and setting.
`,
  requests: `requests [--vendor V]
  Prints how many requests came, by account, status and operation.
`,
};

/** The text of --help: of one command, or of all. */
export function helpOf(command: string | undefined): string {
  return (command === undefined ? undefined : pages[command]) ?? overview;
}
