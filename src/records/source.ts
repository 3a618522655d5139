import { createScanner, type Node, parseTree } from "jsonc-parser";
import type { JsonValue } from "./json.js";

/** Why a text was refused. */
export type SourceRefusal =
  | "too-large"
  | "not-utf8"
  | "too-deep"
  | "too-long"
  | "duplicate-key"
  | "forbidden-key"
  | "not-json";

/** Thrown for bytes that are not JSON that can be read safely. `path` is the JSON path of the place, `$` for the whole text. */
export class SourceRefused extends Error {
  override readonly name = "SourceRefused";
  readonly code: SourceRefusal;
  readonly path: string;

  constructor(code: SourceRefusal, path: string, remedy: string) {
    super(`JSON refused at ${path} (${code}): ${remedy}`);
    this.code = code;
    this.path = path;
  }
}

/** Bounds that a text must keep before it is parsed. */
export interface SourceLimits {
  /** Size of the text in bytes, at least 1. */
  readonly bytes: number;
  /** Nesting of arrays and objects, at least 1. */
  readonly depth: number;
  /** Elements of one array and members of one object, at least 1. */
  readonly length: number;
}

/** 16 MiB, 64 levels, 10,000 elements. */
export const DEFAULT_LIMITS: SourceLimits = { bytes: 16 * 1024 * 1024, depth: 64, length: 10_000 };

/** A JSON text with its value and the offsets of every part of it. */
export interface JsonSource {
  readonly text: string;
  readonly root: Node;
  readonly value: JsonValue;
}

/**
 * Reads JSON from bytes that nobody has checked: strict UTF-8 without a byte order mark, strict JSON, no duplicate keys, no `__proto__`.
 *
 * The bounds are checked by a scan without recursion before anything that recurses sees the text.
 *
 * @param bytes the text
 * @param limits bounds, {@link DEFAULT_LIMITS} by default
 * @throws SourceRefused with a code and the JSON path of the first fault
 */
export function readSource(bytes: Uint8Array, limits: SourceLimits = DEFAULT_LIMITS): JsonSource {
  if (bytes.length > limits.bytes) {
    throw new SourceRefused("too-large", "$", `send at most ${limits.bytes} bytes, not ${bytes.length}`);
  }
  const text = decode(bytes);
  checkStructure(text, limits);
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the text, which may be a patient's: only the position is passed on.
    const position = /at position \d+/.exec(String(error))?.[0] ?? "";
    throw new SourceRefused("not-json", "$", `send strict JSON, this is none ${position}`.trim());
  }
  const root = parseTree(text);
  if (root === undefined) throw new SourceRefused("not-json", "$", "send one JSON value");
  return { text, root, value };
}

/** The exact text of a part of a source, as it was sent. */
export function textOf(source: JsonSource, node: Node): string {
  return source.text.slice(node.offset, node.offset + node.length);
}

/** The members of an object node: key and value, in the order of the text. */
export function membersOf(node: Node): { key: string; value: Node }[] {
  const members: { key: string; value: Node }[] = [];
  if (node.type !== "object") return members;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) members.push({ key: String(key.value), value });
  }
  return members;
}

function decode(bytes: Uint8Array): string {
  try {
    // ignoreBOM keeps a byte order mark in the text, where JSON.parse refuses it; otherwise it would vanish and offsets would lie.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SourceRefused("not-utf8", "$", "send UTF-8");
  }
}

interface OpenContainer {
  readonly keys: Set<string> | undefined;
  key: string;
  commas: number;
  keyExpected: boolean;
}

function checkStructure(text: string, limits: SourceLimits): void {
  const scanner = createScanner(text, true);
  const open: OpenContainer[] = [];
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const inner = open.at(-1);
    switch (text[scanner.getTokenOffset()]) {
      case "{":
      case "[":
        open.push(opened(text[scanner.getTokenOffset()] === "{"));
        if (open.length > limits.depth) refuse("too-deep", open, `nest at most ${limits.depth} levels`);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ",":
        if (inner === undefined) break;
        inner.commas += 1;
        inner.keyExpected = inner.keys !== undefined;
        if (inner.commas >= limits.length) refuse("too-long", open, `use at most ${limits.length} elements`);
        break;
      case '"':
        if (inner?.keyExpected) takeKey(inner, scanner.getTokenValue(), open);
    }
  }
}

function opened(isObject: boolean): OpenContainer {
  return { keys: isObject ? new Set() : undefined, key: "", commas: 0, keyExpected: isObject };
}

function takeKey(container: OpenContainer, key: string, open: readonly OpenContainer[]): void {
  container.key = key;
  container.keyExpected = false;
  if (key === "__proto__") refuse("forbidden-key", open, "remove this member");
  if (container.keys?.has(key)) refuse("duplicate-key", open, "send each member once");
  container.keys?.add(key);
}

function refuse(code: SourceRefusal, open: readonly OpenContainer[], remedy: string): never {
  const path = open
    .map((container) => (container.keys ? `.${container.key.slice(0, 64)}` : `[${container.commas}]`))
    .join("");
  throw new SourceRefused(code, `$${path}`, remedy);
}
