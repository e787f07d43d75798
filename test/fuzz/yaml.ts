/** YAML documents at random, in all styles. */
import fc from "fast-check";
import { awkward, many, maybe, one, some, t, weighted, words } from "./text.ts";
import { quoted } from "./values.ts";

/** A node as a function of its indentation: what stands after `key:` or `-`, its leading space or break included. */
type Block = (indent: number) => string;

const pad = (indent: number) => " ".repeat(Math.max(0, indent));

const plain = one(
  words("a b 1 true null ~ yes 017 0x1f 1.5 .inf 1e3 2001-01-01 12:30 << = -1 +.5 0o7 1_0 a:b a#b"),
  awkward,
);
const escaped = words(
  '\\n \\t \\" \\\\ \\x41 \\u00e9 \\U0001f600 \\e \\0 \\/ \\N \\_ \\L \\P \\a \\q \\x4 \\ud800 \\ ',
);
const double = one(awkward.map(quoted), t`"${some(one(escaped, plain, " ", "\n  ", "\\\n  "), 4)}"`);
const single = awkward.map((text) => `'${text.replaceAll("'", "''")}'`);
const properties = weighted(
  [8, ""],
  [1, t`&${words("x y")} `],
  [
    1,
    words(
      "!!str !!int !!float !!bool !!null !!map !!seq !!binary !!timestamp !!merge ! !t !<tag:yaml.org,2002:str> !!omap !!set",
    )
      .map((tag) => `${tag} `),
  ],
);
const alias = words("*x *y");
const scalar = t`${properties}${weighted([4, plain], [2, double], [2, single], [1, alias])}`;

const flows = fc.letrec<{ node: string; list: string; map: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, scalar, tie("list"), tie("map")),
  list: t`[${some(one(tie("node"), t`${scalar}: ${tie("node")}`), 3, ", ")}${maybe(one(",", " ", "\n"))}]`,
  map: t`{${some(one(t`${scalar}: ${tie("node")}`, scalar, t`${double}:${scalar}`, t`? ${scalar}`), 3, ", ")}${
    maybe(",")
  }}`,
}));

const comment = weighted([6, ""], [1, " # c"], [1, "\n# c"], [1, "\n"], [1, " "]);

const header = t`${one("|", ">")}${one("", "-", "+", "1", "2", "-2", "2+", "0", "10")}${
  weighted([6, ""], [1, " # c"], [1, " x"])
}`;
const blockLines = fc.array(fc.tuple(fc.nat(3), awkward), { maxLength: 4 });

const literal: fc.Arbitrary<Block> = fc.tuple(properties, header, blockLines).map(([tag, head, lines]) => (indent) =>
  ` ${tag}${head}\n${lines.map(([more, line]) => pad(indent + 2 + (more > 1 ? more - 1 : 0)) + line).join("\n")}`
);

const inline = (node: fc.Arbitrary<string>): fc.Arbitrary<Block> =>
  fc.tuple(node, comment).map(([text, after]) => () => ` ${text}${after}`);

const folded: fc.Arbitrary<Block> = fc.tuple(plain, many(plain, 2)).map(([first, second]) => (indent) =>
  ` ${first}\n${pad(indent + 2)}${second}`
);

const key = weighted([8, words("a b c d <<")], [3, scalar], [1, flows.node], [1, t`? ${scalar}\n`]);

const blocks = fc.letrec<{ node: Block; list: Block; map: Block; simple: Block }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, tie("simple"), tie("map"), tie("list")),
  simple: fc.oneof(inline(scalar), inline(scalar), inline(flows.node), literal, folded, fc.constant(() => "")),
  list: fc.tuple(properties, fc.array(tie("node"), { maxLength: 3 }), fc.constantFrom(0, 2, 2, 4)).map(
    ([tag, items, deeper]) => (indent) =>
      ` ${tag}${items.map((item) => `\n${pad(indent + deeper)}-${item(indent + deeper)}`).join("")}`,
  ),
  map: fc.tuple(properties, fc.array(fc.tuple(key, tie("node")), { maxLength: 3 }), fc.constantFrom(2, 2, 2, 1, 4)).map(
    ([tag, entries, deeper]) => (indent) =>
      ` ${tag}${entries.map(([name, item]) => `\n${pad(indent + deeper)}${name}:${item(indent + deeper)}`).join("")}`,
  ),
}));

const document = one(
  fc.array(fc.tuple(key, blocks.node), { maxLength: 4 }).map((entries) =>
    entries.map(([name, item]) => `${name}:${item(0)}`).join("\n")
  ),
  fc.array(blocks.node, { maxLength: 4 }).map((items) => items.map((item) => `-${item(0)}`).join("\n")),
  blocks.node.map((item) => item(-2).trimStart()),
  flows.node,
);

/** Documents, most of them well-formed. */
export const yamlDocuments: fc.Arbitrary<string> = weighted(
  [10, document],
  [1, t`---\n${document}\n`],
  [1, t`--- ${document}\n...\n`],
  [1, t`${document}\n---\n${document}`],
  [1, t`%YAML ${words("1.1 1.2 2.0 1")}\n---\n${document}`],
  [1, t`%TAG !e! tag:example.com,2000:\n---\n${document}`],
  [1, t`# c\n${document}\n# d`],
);
