import type { Input } from '@patchbay/contract/client';

type Body = Input<'generation.outline'>['body'];

/** What a deck shall be about, as it is written in the form. */
export interface Brief {
  readonly topic: string;
  readonly level: string;
  readonly lang: string;
  readonly count: string;
  /** Where a document is; empty for none. */
  readonly url: string;
  /** A document of one's own, in the place of an address. */
  readonly file: File | undefined;
  /** Whether pictures are drawn where the whole deck is made in one go. */
  readonly hasPictures: boolean;
}

/** For whom a deck is made. */
export const LEVELS = [
  { value: 'beginner', label: 'Beginner' },
  { value: 'intermediate', label: 'Intermediate' },
  { value: 'advanced', label: 'Advanced' },
] as const;

/** Languages that are offered; any other can be written by its tag. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt-BR', 'nl', 'pl', 'tr', 'ar', 'hi', 'ja', 'ko', 'zh'];

/** Endings of documents that are read. */
export const ENDINGS = ['pdf', 'docx', 'pptx', 'txt', 'csv', 'md', 'html'] as const;

/** Largest document that is taken, in bytes. */
export const FILE_BYTES_MAX = 20 * 1024 * 1024;

const COUNT = '6';

/** The form as a link has it. */
export const briefOf = (address: Readonly<Record<string, string | undefined>>): Brief => ({
  topic: address['topic'] ?? '',
  level: address['level'] ?? 'intermediate',
  lang: address['lang'] ?? 'en',
  count: address['slides'] ?? COUNT,
  url: address['document'] ?? '',
  file: undefined,
  hasPictures: address['pictures'] === 'true',
});

/** What of it a link keeps: all but the file, and nothing that is as usual. */
export const addressOf = ({
  topic,
  level,
  lang,
  count,
  url,
  hasPictures,
}: Brief): Readonly<Record<string, string | undefined>> => ({
  topic,
  level: level === 'intermediate' ? undefined : level,
  lang: lang === 'en' ? undefined : lang,
  slides: count === COUNT ? undefined : count,
  document: url,
  pictures: hasPictures ? 'true' : undefined,
});

/** What is asked of the gateway. Levels and numbers that are none go as they are: the API says best what is wrong. */
export async function outlineOf({ topic, level, lang, count, url, file }: Brief): Promise<Body> {
  const number = Number(count);
  const asked = { topic, instructional_level: level as Level, lang: lang.trim(), n_slides: number };
  if (file !== undefined) {
    const type = endingOf(file.name);
    return { ...asked, data: await base64Of(file), ...(type !== undefined && { file_type: type }) };
  }
  return url.trim() === '' ? asked : { ...asked, file_url: url.trim(), file_type: endingOf(pathOf(url)) ?? 'html' };
}

type Level = NonNullable<Body['instructional_level']>;

/** Kind of a document by its name; undefined leaves it to the gateway to find out. */
const endingOf = (name: string): (typeof ENDINGS)[number] | undefined =>
  ENDINGS.find((each) => name.toLowerCase().endsWith(`.${each}`));

/** Without what stands behind it. An address that is none goes as it is, and the API says so. */
const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);

function base64Of(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.addEventListener('load', () =>
    resolve(typeof reader.result === 'string' ? reader.result.replace(/^[^,]*,/, '') : ''),
  );
  reader.addEventListener('error', () => reject(new Error(`${file.name} could not be read. Choose it again.`)));
  reader.readAsDataURL(file);
  return promise;
}
