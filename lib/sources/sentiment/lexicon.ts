import { PHRASES } from './phrases.ts';
import {
  ASIDES,
  BAD,
  BURDENS,
  DOWN_VERBS,
  DOWN_WORDS,
  GOOD,
  NEGATIONS,
  RATHER_BAD,
  RATHER_GOOD,
  REASONS,
  SLIGHTLY,
  STRONGLY,
  UP_VERBS,
  UP_WORDS,
  WATCHERS,
} from './words.ts';

/** What one entry does to the score of what stands around it. */
export type Meaning =
  | { readonly kind: 'value'; readonly weight: number }
  /** A move; what moved says whether that is good. */
  | { readonly kind: 'move'; readonly weight: number }
  | { readonly kind: 'burden'; readonly weight: number }
  | { readonly kind: 'negation' }
  | { readonly kind: 'scale'; readonly factor: number }
  | { readonly kind: 'aside' }
  | { readonly kind: 'reason' }
  | { readonly kind: 'watcher' };

const VALUE = 1;
const RATHER = 0.6;
const VERB = 1.3;
const WORD = 0.9;
const BURDEN = 0.7;

/** Words and phrases by their tokens, joined by a space. */
export const LEXICON: ReadonlyMap<string, Meaning> = build();

/** Tokens of the longest phrase. */
export const LONGEST_PHRASE = Math.max(
  ...[...LEXICON.keys()].map((phrase) => phrase.split(' ').length),
);

function build(): Map<string, Meaning> {
  const lexicon = new Map<string, Meaning>();
  const add = (list: string, meaning: Meaning, forms = (word: string) => [word]) => {
    for (const word of list.trim().split(/\s+/)) {
      for (const form of forms(word)) {
        lexicon.set(form, meaning);
        if (form.includes('-')) lexicon.set(form.replaceAll('-', ' '), meaning);
      }
    }
  };
  add(WATCHERS, { kind: 'watcher' });
  add(REASONS, { kind: 'reason' });
  add(RATHER_GOOD, { kind: 'value', weight: RATHER });
  add(RATHER_BAD, { kind: 'value', weight: -RATHER });
  add(GOOD, { kind: 'value', weight: VALUE });
  add(BAD, { kind: 'value', weight: -VALUE });
  add(BURDENS, { kind: 'burden', weight: -BURDEN });
  add(UP_VERBS, { kind: 'move', weight: VERB }, forms);
  add(DOWN_VERBS, { kind: 'move', weight: -VERB }, forms);
  add(UP_WORDS, { kind: 'move', weight: WORD });
  add(DOWN_WORDS, { kind: 'move', weight: -WORD });
  add(SLIGHTLY, { kind: 'scale', factor: 0.6 });
  add(STRONGLY, { kind: 'scale', factor: 1.4 });
  add(NEGATIONS, { kind: 'negation' });
  add(ASIDES, { kind: 'aside' });
  for (const [phrase, weight] of Object.entries(PHRASES)) {
    lexicon.set(phrase, { kind: 'value', weight });
  }
  return lexicon;
}

/** `slip` as slips, slipped, slipping; of `edge-up` the first part is bent. */
function forms(verb: string): string[] {
  const [stem = '', ...rest] = verb.split('-');
  const more = rest.map((part) => `-${part}`).join('');
  const bent = [stem];
  if (/[^aeiou]y$/.test(stem)) {
    bent.push(`${stem.slice(0, -1)}ies`, `${stem.slice(0, -1)}ied`, `${stem}ing`);
  } else if (stem.endsWith('e')) {
    bent.push(`${stem}s`, `${stem}d`, `${stem.slice(0, -1)}ing`);
  } else {
    const doubled = /[^aeiou][aeiou][bdgklmnpt]$/.test(stem) ? stem + stem.at(-1) : stem;
    const plural = /(s|sh|ch|x|z)$/.test(stem) ? `${stem}es` : `${stem}s`;
    bent.push(plural, `${doubled}ed`, `${doubled}ing`, `${stem}ed`, `${stem}ing`);
  }
  return bent.map((form) => form + more);
}
