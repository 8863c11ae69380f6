// `npm test`: installs what is missing, builds, type-checks, lints and runs every test. Node's own modules only, so that
// it starts in a fresh clone. The first step that fails ends the run with its exit status.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from '../lib/bin/installed.mjs';

const HELP = `npm test [-- <vitest arguments>]

Installs packages when node_modules does not match package-lock.json, builds and type-checks, lints, installs the
system packages that tests ask for (with apt-get, when root), and runs the tests.

  npm test                                everything
  npm test -- test/store                  only the tests under a path; the other steps run all the same
  npm test -- -t "fills a stop"           only tests whose name matches
  CI=true npm test                        a test skipped for want of a system program fails

Exit status: that of the first step that fails, 0 when every test passed.`;

const root = fileURLToPath(new URL('..', import.meta.url));
const passedOn = process.argv.slice(2).filter((argument, i) => i > 0 || argument !== '--');

if (passedOn.includes('--help') || passedOn.includes('-h')) {
  console.log(HELP);
  process.exit(0);
}

if (!isInstalled(root)) step('install', 'npm', ['ci']);
step('build', process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
step('lint', process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
await installSystemPackages();
announce('test');
// Nothing may be printed after the tests: the last lines of the output are their summary.
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.mjs'];
process.exitCode = run(process.execPath, [...vitest, ...passedOn]);

/** Installs the programs that test files declare with `requireSystem('…')` and that are not on PATH. */
async function installSystemPackages() {
  const { SYSTEM_PROGRAMS, findSystem } = await import('./dist/support/system.js');
  const missing = Object.keys(SYSTEM_PROGRAMS).filter(
    (name) => declaredByTests(name) && findSystem(name) === undefined,
  );
  if (missing.length === 0) return;
  const packages = missing.map((name) => SYSTEM_PROGRAMS[name].package);
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    announce(`system packages: ${packages.join(' ')}`);
    const started = performance.now();
    process.env.DEBIAN_FRONTEND = 'noninteractive';
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    const failed = run('apt-get', ['update', '-qq']) || run('apt-get', install);
    if (!failed) return finished(started);
  }
  console.log(
    `  not installed: ${packages.join(', ')}; ${isRoot ? 'apt-get could not bring them' : 'only root can install them here'}. ` +
      `Their tests are ${process.env.CI === 'true' ? 'failures under CI=true' : 'skipped by name'}.`,
  );
}

function declaredByTests(name) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .some((path) =>
      readFileSync(join(root, 'test', path), 'utf8').includes(`requireSystem('${name}')`),
    );
}

function step(name, command, args) {
  announce(name);
  const started = performance.now();
  const status = run(command, args);
  if (status !== 0) {
    console.log(`✗ ${name} failed with status ${status}`);
    process.exit(status);
  }
  finished(started);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.log(`  ${command} did not start: ${error.message}`);
  return status ?? 1;
}

function announce(name) {
  console.log(`▸ ${name}`);
}

function finished(started) {
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
