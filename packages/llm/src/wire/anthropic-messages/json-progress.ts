/** Follows JSON text piece by piece and knows when the outermost object or list is complete; linear, keeps no text. */
export class JsonProgress {
  complete = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  push(piece: string): void {
    for (let at = 0; at < piece.length; at += 1) this.#character(piece.charCodeAt(at));
  }

  #character(code: number): void {
    if (this.#inString) return this.#inside(code);
    if (code === 0x22) this.#inString = true;
    else if (code === 0x7b || code === 0x5b) this.#depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      this.#depth -= 1;
      if (this.#depth === 0) this.complete = true;
    }
  }

  #inside(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === 0x5c) this.#escaped = true;
    else if (code === 0x22) this.#inString = false;
  }
}
