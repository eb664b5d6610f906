// What Hydrant has to reach, per revision. `required` are the scenarios the suite itself scores,
// `beyond` are scenarios that it runs without scoring and that we hold ourselves to all the same.
// Whatever else the suite runs (the tasks extension) is reported and fails nothing.
//
// The names stand here, and not in the suite's own files, so that a scenario which vanishes from a
// newer suite, or which quietly does not run, is a failure and not one line less in a report.

const inBothEras = [
  'completion-complete',
  'dns-rebinding-protection',
  'prompts-get-embedded-resource',
  'prompts-get-simple',
  'prompts-get-with-args',
  'prompts-get-with-image',
  'prompts-list',
  'resources-list',
  'resources-read-binary',
  'resources-read-text',
  'resources-templates-read',
  'server-sse-multiple-streams',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-error',
  'tools-call-image',
  'tools-call-mixed-content',
  'tools-call-simple-text',
  'tools-call-with-progress',
  'tools-list',
];

export const expected = {
  '2025-11-25': {
    required: [
      ...inBothEras,
      'elicitation-sep1034-defaults',
      'elicitation-sep1330-enums',
      'logging-set-level',
      'ping',
      'resources-subscribe',
      'resources-unsubscribe',
      'server-initialize',
      'tools-call-elicitation',
      'tools-call-sampling',
      'tools-call-with-logging',
    ],
    beyond: ['json-schema-2020-12', 'server-session-lifecycle', 'server-sse-polling'],
  },
  '2026-07-28': {
    required: [
      ...inBothEras,
      'caching',
      'input-required-result-basic-elicitation',
      'input-required-result-basic-list-roots',
      'input-required-result-basic-sampling',
      'input-required-result-capability-check',
      'input-required-result-ignore-extra-params',
      'input-required-result-missing-input-response',
      'input-required-result-multi-round',
      'input-required-result-multiple-input-requests',
      'input-required-result-non-tool-request',
      'input-required-result-request-state',
      'input-required-result-result-type',
      'input-required-result-tampered-state',
      'input-required-result-unsupported-methods',
      'input-required-result-validate-input',
      'sep-2164-resource-not-found',
      'server-stateless',
    ],
    beyond: ['http-custom-header-server-validation', 'http-header-validation', 'json-schema-2020-12'],
  },
};
