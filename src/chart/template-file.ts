/** A template of a chart in memory. */
import { fromBytes, toBytes } from "../template/bytes.ts";
import type { ChartFile } from "./chart.ts";

/** Keeps the text, of which parsed templates share the parts; the bytes are made for who asks. */
export class TemplateFile implements ChartFile {
  readonly name: string;
  readonly text: string;
  readonly modified?: number;

  constructor({ name, data, modified }: ChartFile) {
    this.name = name;
    this.text = fromBytes(data);
    if (modified !== undefined) this.modified = modified;
  }

  get data(): Uint8Array {
    return toBytes(this.text);
  }
}
