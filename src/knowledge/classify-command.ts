import type { Container, PodSpec } from '../core/container.ts';
import type { Verdict } from '../core/verdict.ts';
import { catalogueIndex } from './catalogue.ts';
import { matchesIn } from './catalogue-index.ts';
import { classifyGrpc } from './classify-grpc.ts';
import { classifyHttp, fromEntry, ownerOf } from './classify-http.ts';
import type { CommandReading, Invocation } from './command.ts';
import { readArguments } from './command-script.ts';
import { environmentOf, expandReferences } from './environment.ts';
import { type ImageName, readImage } from './image.ts';
import { readRequestPath } from './path-pattern.ts';
import { type ProgramContext, LESS, type ProgramReading, reading, worst } from './program.ts';
import { readScriptName } from './program-applications.ts';
import { readDeviceConnection } from './program-network.ts';
import { programs } from './programs.ts';
import { quoted, sentence } from './sentence.ts';

/** What the programs of a command ask, in the order in which they stand. Those that ask nothing are left out. */
export interface ProgramVerdict {
  readonly program: string;
  readonly reading: ProgramReading;
}

const LONGEST_ARGUMENTS = 256;

/** A command as the kubelet runs it: a list of arguments, without a shell unless it names one. */
export function readCommand(command: readonly string[], container: Container): CommandReading {
  const lookup = environmentOf(container);
  const argv = command.slice(0, LONGEST_ARGUMENTS).map((word) => expandReferences(word, lookup));
  return readArguments(argv, { lookup, scripts: container.scripts });
}

export function readPrograms(command: CommandReading, container: Container, pod: PodSpec): ProgramVerdict[] {
  const rawRequest = readRawRequest(command);
  const context: ProgramContext = {
    ...(rawRequest !== undefined && { rawRequest }),
    container,
    pod,
    image: readImage(container.image),
    lookup: environmentOf(container),
    readHttp: (request) => readingOf(classifyHttp(request, container, pod)),
    readGrpc: (service, port) => readingOf(classifyGrpc(service, ownerOf(port, container, pod))),
  };
  return command.invocations.flatMap((invocation) => {
    const found = readInvocation(invocation, context);
    return found === undefined ? [] : [{ program: invocation.program, reading: weakened(found, invocation) }];
  });
}

/** `GET /path HTTP/1.1`, as it is written to a socket. */
function readRawRequest({ invocations }: CommandReading): ProgramContext['rawRequest'] {
  for (const { args } of invocations) {
    for (const arg of args) {
      const path = /\b(?:GET|HEAD) (\/\S{0,512}) HTTP\/[12]/.exec(arg.slice(0, LONGEST_REQUEST))?.[1];
      if (path !== undefined) return { path, answerCounts: invocations.some(({ program }) => LOOKS_AT_ANSWER.has(program)) };
    }
  }
  return undefined;
}
const LONGEST_REQUEST = 2048;
const LOOKS_AT_ANSWER = new Set(['grep', 'egrep', 'fgrep', 'awk', 'gawk', 'sed', 'read', 'head', 'test', '[', '[[']);

const readingOf = ({ asks, confidence, evidence, source, safeAlternative, entry }: Verdict): ProgramReading =>
  reading(asks, confidence, evidence, {
    ...(source !== undefined && { source }),
    ...(safeAlternative !== undefined && { safeAlternative }),
    ...(entry !== undefined && { entry }),
  });

function readInvocation(invocation: Invocation, context: ProgramContext): ProgramReading | undefined {
  for (const file of invocation.files) {
    const connection = readDeviceConnection(file, invocation, context);
    if (connection !== undefined) return connection;
  }
  if (invocation.program === '') return undefined;
  const { program, path } = invocation;
  const reader = programs.get(program);
  const found = reader?.(invocation, context);
  if (found === 'neutral') return undefined;
  if (found !== undefined) return found;
  if (reader !== undefined) return reading('unknown', 'low', `What this call of \`${quoted(program)}\` asks cannot be told.`);
  const scripted = readKnownScript(path, context.image);
  if (scripted !== undefined) return scripted;
  // A variable as a program is some script of the image's.
  if (path.startsWith('$')) return reading('unknown', 'low', `Which program ${quoted(path)} is, the manifest does not show.`);
  return readScriptName(path, invocation.args, context);
}

/** A script that is known by its file: the catalogue says what is in it. */
function readKnownScript(path: string, image: ImageName): ProgramReading | undefined {
  const request = readRequestPath(path);
  const [match] = matchesIn(catalogueIndex(), request, { image, kind: 'script' });
  return match === undefined ? undefined : fromEntry(match, request, image);
}

/** What of a reading counts where the program's own failure alone does not fail the probe: it may still hang until the timeout. */
function weakened(found: ProgramReading, { masked, ignored }: Invocation): ProgramReading {
  if (found.asks === 'process' || found.asks === 'unknown') return found;
  if (ignored === 'background')
    return { ...found, confidence: 'low', evidence: `In the background, where its exit code does not count: ${found.evidence}` };
  if (ignored === 'earlier') {
    const evidence = `Its exit code does not count, but it can hang until the timeout: ${found.evidence}`;
    return { ...found, confidence: LESS[found.confidence], evidence };
  }
  // `a || b`: b steps in.
  return masked ? { ...found, confidence: LESS[found.confidence] } : found;
}

export function classifyCommand(command: readonly string[], container: Container, pod: PodSpec): Verdict {
  const read = readCommand(command, container);
  if (read.alwaysPasses !== undefined) {
    return { asks: 'process', confidence: 'high', evidence: sentence(`It cannot fail: ${read.alwaysPasses}.`) };
  }
  const found = worst(readPrograms(read, container, pod).map((item) => item.reading));
  if (found !== undefined) return { ...found, evidence: sentence(found.evidence) };
  if (read.problem !== undefined)
    return { asks: 'unknown', confidence: 'low', evidence: sentence(`The command cannot be read: ${read.problem}.`) };
  if (read.invocations.length === 0) return { asks: 'unknown', confidence: 'low', evidence: 'The command is empty.' };
  return { asks: 'process', confidence: 'medium', evidence: 'It runs nothing that asks another system.' };
}
