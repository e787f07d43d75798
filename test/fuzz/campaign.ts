/** Asking both sides in batches, and shrinking the questions on which they disagree. */
import fc from "fast-check";
import { type Answer, ended, type Oracle, startOracle } from "../oracle/client.ts";
import { compare } from "./known-differences.ts";
import { answer } from "./ours.ts";
import type { Group, Question } from "./question.ts";

/** A question on which the sides disagree, as small as it could be made. */
export interface Disagreement {
  readonly group: string;
  /** The seed of the batch: a run of the group that starts with it asks this question again. */
  readonly seed: number;
  readonly question: Question;
  readonly ours: Answer;
  readonly theirs: Answer;
}

/** How many questions a batch has. */
export const batchSize = 200;

/** How long the oracle may think about one batch, in milliseconds. */
const patience = 60_000;

/** How long one disagreement is shrunk, in milliseconds. */
const shrinking = 20_000;

/** How often a question is asked again whose answer may come in the random order of Go's maps, which is mostly one. */
const again = 100;

/** How long that may take, in milliseconds. */
const asking = 10_000;

/** The oracle, started anew when a question ends it. */
export class Campaign implements AsyncDisposable {
  #oracle: Promise<Oracle> | undefined;

  /** Asks one batch of a group's questions. Gives the first disagreement, shrunk. */
  async batch({ name, questions }: Group, seed: number): Promise<Disagreement | undefined> {
    const asked = fc.sample(questions, { seed, numRuns: batchSize });
    const theirs = await this.#ask(asked);
    let index = -1;
    for (const [i, question] of asked.entries()) {
      if (await this.#agree(question, theirs[i])) continue;
      index = i;
      break;
    }
    if (index < 0) return undefined;
    const question = await this.#shrink(questions, seed, index) ?? asked[index];
    const [said] = await this.#ask([question]);
    return { group: name, seed, question, ours: answer(question), theirs: said };
  }

  /** Whether our answer is one of Go's: where a map's order decides, Go has more than one. */
  async #agree(question: Question, theirs: Answer): Promise<boolean> {
    const ours = answer(question);
    const first = compare(question, ours, theirs);
    if (first === "agree") return true;
    if (theirs.err === ended) return false;
    const end = Date.now() + asking;
    let varies = false;
    for (let i = 0; i < again && Date.now() < end; i++) {
      const [another] = await this.#ask([question]);
      if (compare(question, ours, another) === "agree") return true;
      varies ||= another.err !== theirs.err;
    }
    return varies && first === "agree if Go varies";
  }

  async #shrink(questions: fc.Arbitrary<Question>, seed: number, index: number): Promise<Question | undefined> {
    const property = fc.asyncProperty(questions, async (question) => {
      const [theirs] = await this.#ask([question]);
      return this.#agree(question, theirs);
    });
    const parameters = { seed, path: `${index}`, numRuns: 1, interruptAfterTimeLimit: shrinking };
    const { counterexample } = await fc.check(property, parameters);
    return counterexample?.[0];
  }

  async #ask(questions: readonly Question[]): Promise<Answer[]> {
    const oracle = await (this.#oracle ??= startOracle());
    const late = setTimeout(() => oracle.kill(), patience);
    const answers = await Promise.all(questions.map(({ op, text, values }) => oracle.ask(op, text, values)));
    clearTimeout(late);
    if (!oracle.ended) return answers;
    this.#oracle = undefined;
    if (questions.length === 1) return answers;
    // One question ended it: asked alone, the others have their answers.
    const alone: Answer[] = [];
    for (const question of questions) alone.push(...await this.#ask([question]));
    return alone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const oracle = await this.#oracle;
    await oracle?.[Symbol.asyncDispose]();
  }
}
