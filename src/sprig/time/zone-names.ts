/** The abbreviation of a zone's offset where the zone has letters for it, else the offset itself: `+03`. */
export function abbreviation(_zone: string, offset: number): string {
  const sign = offset < 0 ? "-" : "+";
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (n: number) => n.toString().padStart(2, "0");
  return sign + two(Math.floor(minutes / 60)) + (minutes % 60 === 0 ? "" : two(minutes % 60));
}
