import { readFile } from "node:fs/promises";
import { replaceFile } from "../../../src/consensus/guard/durableFile.js";
import type { Proposal, Signed, Vote } from "../../../src/consensus/statement.js";
import type { Block } from "../block.js";
import { readMessage } from "../transport/message.js";

/** What a validator locked itself on: all that it needs to propose the block again after a restart. */
export interface LockedProposal {
  readonly proposal: Signed<Proposal>;
  readonly block: Block;
  /** Verdicts of more than two thirds for it. */
  readonly verdicts: readonly Signed<Vote>[];
}

/** Keeps the last proposal that the validator locked itself on. */
export interface LockStore {
  /** Keeps it in the place of the one before. When this resolves, a crash does not lose it any more. */
  keep(locked: LockedProposal): Promise<void>;

  /** What was kept last. */
  read(): Promise<LockedProposal | undefined>;
}

/** Keeps it as long as the process lives: for networks that live in it. */
export class MemoryLockStore implements LockStore {
  #locked: LockedProposal | undefined;

  async keep(locked: LockedProposal): Promise<void> {
    this.#locked = locked;
  }

  async read(): Promise<LockedProposal | undefined> {
    return this.#locked;
  }
}

/** Keeps it in a file. */
export class FileLockStore implements LockStore {
  readonly #file: string;

  /** @param file path; its folder exists. */
  constructor(file: string) {
    this.#file = file;
  }

  keep(locked: LockedProposal): Promise<void> {
    return replaceFile(this.#file, `${JSON.stringify({ kind: "proposal", ...locked })}\n`);
  }

  /** What cannot be read counts as lost: the other validators have it as well. */
  async read(): Promise<LockedProposal | undefined> {
    try {
      const message = readMessage(JSON.parse(await readFile(this.#file, "utf8")));
      return message.kind === "proposal" ? message : undefined;
    } catch {
      return undefined;
    }
  }
}
