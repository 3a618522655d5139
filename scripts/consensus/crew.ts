import { Worker } from "node:worker_threads";
import type { SimulationResult } from "./simulation.js";
// Also what makes the compiler take the thread's file into the package: nothing else imports it.
import type { Batch } from "./worker.js";

// From source this file is TypeScript, for which a thread needs the same loader; in the package it is JavaScript.
const isSource = import.meta.url.endsWith(".ts");
const entry = new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url);
const execArgv = isSource ? ["--import", import.meta.resolve("tsx")] : [];

/** A worker ended before it answered. */
class WorkerEnded extends Error {
  override readonly name = "WorkerEnded";

  constructor(code: number) {
    super(`A simulation's thread ended with code ${code}: try again with fewer workers, or more memory.`);
  }
}

/**
 * Has several threads work through batches of runs; whoever is done takes the next.
 *
 * @param take gives the next batch, or undefined when there is none left.
 * @param done gets the result of each batch.
 */
export async function workThrough(
  workers: number,
  take: () => Batch | undefined,
  done: (result: SimulationResult) => void,
): Promise<void> {
  const crew = Array.from({ length: workers }, () => new Worker(entry, { execArgv }));
  try {
    await Promise.all(crew.map((worker) => workAlone(worker, take, done)));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}

async function workAlone(
  worker: Worker,
  take: () => Batch | undefined,
  done: (result: SimulationResult) => void,
): Promise<void> {
  for (let batch = take(); batch !== undefined; batch = take()) done(await answerOf(worker, batch));
}

function answerOf(worker: Worker, batch: Batch): Promise<SimulationResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new WorkerEnded(code));
    worker.removeAllListeners();
    worker.once("error", reject).once("exit", ended).once("message", resolve);
    worker.postMessage(batch);
  });
}
