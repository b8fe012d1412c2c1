import type { Prompt } from '../ask-for-object.ts';
import { filled } from '../wording.ts';

const SYSTEM =
  'You describe pictures for the slides of presentations. You answer with the description alone: one paragraph of at most ' +
  'eighty words, without quotes and without any text to be shown in the picture.';

const TEMPLATE = `Describe a picture for this slide.
Title: {title}
Content: {content}

Say what is seen, in which style and light. It is a clear illustration for an audience; it holds no words, letters or logos.`;

/** What is said to the model that describes a picture. */
export const imagePrompt = (title: string, content: string, template = TEMPLATE): Prompt => ({
  system: SYSTEM,
  prompt: filled(template, { title, content }),
});

/** What a picture is asked by where no model described it. */
export const plainImagePrompt = (title: string): string =>
  `A clear, professional illustration for a presentation slide titled “${title}”, without any text in it.`;

/** Slides that need no picture. */
const WITHOUT_PICTURE =
  /\b(?:summary|conclusions?|thank\s+you|questions|key\s+takeaways|further\s+exploration|transition)\b/i;

/** True for slides that close, sum up or lead over. */
export const needsNoPicture = (title: string, content: string): boolean =>
  WITHOUT_PICTURE.test(title) || WITHOUT_PICTURE.test(content);
