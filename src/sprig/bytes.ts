export * from "../template/bytes.ts";
