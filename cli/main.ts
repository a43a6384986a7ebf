import { plumbline } from "./plumbline.ts";

const { out, err, code } = await plumbline(process.argv.slice(2));
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
