/** Rates as kept: dollars per million tokens, at most six decimals. The names are those of `Rates`. */
export interface RatesData {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly reasoning?: number;
  readonly thinkingOutput?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
  /** Dollars for each request, besides tokens. */
  readonly request?: number;
  /** Pairs of a prompt size in tokens and the rates of prompts longer than that, by rising size. */
  readonly above?: readonly (readonly [number, Partial<RatesData>])[];
}

/**
 * Rates at certain times, complete. All conditions present must hold: `from` a day (UTC), within `hours` (UTC, end
 * excluded), on one of `days` (0 is Sunday, UTC).
 */
export interface ChangeData extends RatesData {
  readonly from?: string;
  readonly hours?: readonly [string, string];
  readonly days?: readonly number[];
}

/** A price as kept. Of the changes that hold, the last wins. */
export interface PriceData extends RatesData {
  readonly changes?: readonly ChangeData[];
}

/** A model as kept in models.json. Lists of words are one text with spaces. */
export interface ModelData {
  readonly name: string;
  readonly released?: string;
  readonly status?: string;
  readonly context?: number;
  readonly inputLimit?: number;
  readonly outputLimit?: number;
  readonly input?: string;
  readonly output?: string;
  readonly can?: string;
  readonly cannot?: string;
  readonly efforts?: string;
  readonly budget?: readonly [number | null, number | null];
  readonly toggle?: boolean;
  readonly aliases?: readonly string[];
  /** Absent: nobody we trust states it. */
  readonly price?: PriceData | 'free';
}

/** The whole catalogue as kept in models.json, and as a file that refreshes it must be. */
export interface CatalogData {
  readonly sources: readonly {
    readonly name: string;
    readonly url: string;
    readonly licence: string;
    readonly date: string;
  }[];
  readonly providers: Readonly<Record<string, Readonly<Record<string, ModelData>>>>;
}
