import type { Prompt } from '../ask-for-object.ts';
import { filled, languageName } from '../wording.ts';

/** What slides are to be about. */
export interface SlidesAsk {
  readonly topic: string;
  readonly titles: readonly string[];
  readonly level: 'beginner' | 'intermediate' | 'advanced';
  readonly lang: string;
}

const SYSTEM = 'You write the slides of presentations. You answer with JSON alone, as the given schema has it.';

const TEMPLATE = `Write the slides of a presentation about this topic: {topic}

There is one slide for each of these titles, in this order, and each keeps its title as it is:
{slides_titles}

- Language: {language}. Level: {instructional_level}.
- \`template\` says how a slide is laid out: \`sectionHeader\` (content: one short sentence), \`titleAndBody\` (content: a
  paragraph of two to four sentences), \`titleAndBullets\` (content: a list of three to six short points) or \`twoColumn\`
  (content: \`leftColumn\` and \`rightColumn\`, a text each, such as two sides of a matter).
- Use \`twoColumn\` for at least one slide, and more than one template.
- Every slide speaks of the topic in plain words: no markup, no bullets or numbers in front, no line breaks.
- \`notes\` are what the speaker says: two or three sentences.`;

/** What is said to the model. */
export const slidesPrompt = (ask: SlidesAsk, template = TEMPLATE): Prompt => ({
  system: SYSTEM,
  prompt: filled(template, {
    topic: ask.topic,
    slides_titles: ask.titles.map((title, at) => `${at + 1}. ${title}`).join('\n'),
    n_slides: String(ask.titles.length),
    language: languageName(ask.lang),
    lang: ask.lang,
    instructional_level: ask.level,
  }),
});
