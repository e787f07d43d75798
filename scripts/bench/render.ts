// Rendering, beside Helm's own engine in one run.
export async function benchRender(_charts: ReadonlyArray<string>): Promise<void> {}
