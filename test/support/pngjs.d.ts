/** The part of pngjs that tests use: it brings no types of its own. */
declare module 'pngjs' {
  export const PNG: {
    sync: { read(bytes: Uint8Array): { data: Uint8Array; width: number; height: number } }
  }
}
