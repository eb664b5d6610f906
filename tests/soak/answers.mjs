// What the clients of the mixed soak say, in both eras.

/** Answers that the question of `confirm` allows. */
export const goodAnswers = [
  { action: 'accept', content: { confirmed: true } },
  { action: 'accept', content: { confirmed: false } },
  { action: 'decline' },
  { action: 'cancel' },
];

/** Answers that it does not allow. */
export const badAnswers = [
  {},
  { action: 'accept' },
  { action: 'accept', content: {} },
  { action: 'accept', content: { confirmed: 'perhaps' } },
  { action: 'accept', content: [true] },
  { action: 'shrug', content: null },
  { action: 7 },
];

/** Parameters of tools/call that no tool takes. */
export const badArguments = [
  { name: 'echo', arguments: { message: 7 } },
  { name: 'echo', arguments: {} },
  { name: 'countdown', arguments: { from: 'many', interval_ms: 1 } },
  { name: 'countdown', arguments: { from: -1, interval_ms: 1 } },
  { name: 'countdown', arguments: { from: 1e300, interval_ms: 1 } },
  { name: 'increment', arguments: { by: { much: true } } },
  { name: 'confirm', arguments: { question: null } },
  { name: 'no_such_tool', arguments: {} },
];
