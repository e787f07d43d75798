/** What Go calls an error of the operating system. */
export function systemWords(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  const words: Record<string, string> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    ENAMETOOLONG: "file name too long",
    ENOTDIR: "not a directory",
    EISDIR: "is a directory",
    ELOOP: "too many levels of symbolic links",
  };
  return words[code ?? ""] ?? message;
}
