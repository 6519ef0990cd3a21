/** Programs that run while a test does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds a program gets to become ready, or to end. */
const PATIENCE = 30_000;

export interface Running {
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(force);
};

/** Starts a program that writes `readyFile` once it is up, and waits for the file to end with a line or a brace. */
export const start = async (
  program: string,
  args: string[],
  readyFile: string,
): Promise<Running & { ready: string }> => {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    await sleep(20);
    if (failure) throw failure;
    if (child.exitCode !== null) break;
    const ready = existsSync(readyFile) ? readFileSync(readyFile, 'utf8').trim() : '';
    if (ready !== '')
      return {
        ready,
        stop: async () => {
          await stop(child);
        },
      };
  }
  await stop(child);
  throw new Error(`${program} ${args.join(' ')} did not get ready:\n${output}`);
};

/** Runs a program to its end and gives its standard output; throws with what it said if it fails. */
export const run = async (program: string, args: string[], cwd: string): Promise<string> => {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${errors}${output}`);
  return output;
};
