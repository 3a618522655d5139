import type { Node } from "jsonc-parser";
import { type JsonSource, membersOf, textOf } from "./source.js";

/** A `Reference.reference` in a resource. */
export interface FoundReference {
  /** JSON path inside the resource, `$` being the resource. */
  readonly path: string;
  readonly reference: string;
  readonly node: Node;
}

/** Every reference of a resource to something outside it, in the order of the text. */
export function referencesIn(resource: Node, path = "$"): FoundReference[] {
  if (resource.type === "array") {
    return (resource.children ?? []).flatMap((item, index) => referencesIn(item, `${path}[${index}]`));
  }
  return membersOf(resource).flatMap(({ key, value }) => {
    const isReference = key === "reference" && value.type === "string" && !String(value.value).startsWith("#");
    if (isReference) return [{ path: `${path}.${key}`, reference: String(value.value), node: value }];
    return referencesIn(value, `${path}.${key}`);
  });
}

/** A resource's text after rewriting. */
export interface RewrittenResource {
  readonly text: string;
  /** References left as they were because nothing in the bundle answers to them. */
  readonly unresolved: readonly FoundReference[];
}

/**
 * Rewrites a resource's references to `Type/id` and its id to the stored one, by splicing at offsets: every other character stays as it
 * was sent, numbers like `1.50`, whitespace, order and escapes included.
 *
 * @param source the text that `resource` is a part of
 * @param resource the node of the resource's object
 * @param id the stored id; written in when the resource has none
 * @param resolve gives `Type/id` for a reference, or undefined
 */
export function rewriteResource(
  source: JsonSource,
  resource: Node,
  id: string,
  resolve: (reference: string) => string | undefined,
): RewrittenResource {
  const splices: Splice[] = [];
  const unresolved: FoundReference[] = [];
  for (const found of referencesIn(resource)) {
    const target = resolve(found.reference);
    if (target === undefined) unresolved.push(found);
    else if (target !== found.reference) splices.push(replaceNode(found.node, target));
  }
  const idNode = membersOf(resource).find(({ key }) => key === "id")?.value;
  if (idNode === undefined) splices.push({ offset: resource.offset + 1, length: 0, text: idMember(resource, id) });
  else if (idNode.value !== id) splices.push(replaceNode(idNode, id));
  return { text: splice(textOf(source, resource), resource.offset, splices), unresolved };
}

interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

function replaceNode(node: Node, value: string): Splice {
  return { offset: node.offset, length: node.length, text: JSON.stringify(value) };
}

function idMember(resource: Node, id: string): string {
  const separator = membersOf(resource).length > 0 ? "," : "";
  return `"id":${JSON.stringify(id)}${separator}`;
}

function splice(text: string, start: number, splices: readonly Splice[]): string {
  let rewritten = "";
  let from = 0;
  for (const { offset, length, text: replacement } of [...splices].sort((a, b) => a.offset - b.offset)) {
    rewritten += text.slice(from, offset - start) + replacement;
    from = offset - start + length;
  }
  return rewritten + text.slice(from);
}
