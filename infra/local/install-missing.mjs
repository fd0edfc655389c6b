/**
 * Runs `npm install` where the packages of the lock file are not there yet, so that one command is enough on a fresh clone. It runs on the
 * Node of the machine, before the one of this project is installed: plain JavaScript, no package, no TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Written after an install that ended well; it holds the hash of the lock file that was installed. */
const stamp = `${root}node_modules/.installed-lock`;
const hash = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash()) {
  process.stderr.write('Installing what package-lock.json names (npm install) …\n');
  // Packages that want the Node which this install brings would each be warned of on an older one: 300 lines that hide what matters.
  const { status } = spawnSync('npm', ['install', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(
      'npm install failed. Its last lines say why; mend that and run the same command again.\n',
    );
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, hash());
}
