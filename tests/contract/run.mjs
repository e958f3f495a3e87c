// The contract tests: openapi/openapi.yaml, docs/ and README.md against the program and the running service, both ways.
//   QUARTERDAY_RUN_JSON   run.json of a running service with the sample loaded (default .run/run.json)
//   QUARTERDAY_BINARY     the program (default build/quarterday)
// Prints TAP-like lines; the last is "N passed, N failed". Sends, signs and corrects: it needs a home in which nothing else has been done, and
// that is thrown away afterwards (tools/with_service.sh).
import { agent, attempt, finish } from './lib.mjs';
import { checkAnswers } from './answers.mjs';
import { checkCalendar } from './calendar.mjs';
import { checkChain } from './chain.mjs';
import { checkCompleteness } from './completeness.mjs';
import { checkCoverage } from './coverage.mjs';
import { checkDocument } from './document.mjs';
import { checkErasure } from './erasure.mjs';
import { checkFeeds } from './feeds.mjs';
import { checkFigures, sampleOf } from './figures.mjs';
import { checkFramework } from './framework.mjs';
import { checkFrameworkAgreement, checkFrameworkSchema } from './framework_schema.mjs';
import { checkGenerated } from './generated.mjs';
import { checkNational } from './national.mjs';
import { checkKeys } from './keys.mjs';
import { checkLookups } from './lookups.mjs';
import { checkReadme } from './readme.mjs';
import { checkStatements } from './statements.mjs';
import { checkStreams } from './streams.mjs';
import { checkStory } from './story.mjs';
import { checkUploads } from './uploads.mjs';
import { checkWebhooks } from './webhooks.mjs';
import { checkWhy } from './why.mjs';

const sample = sampleOf();
await attempt('the document', checkDocument);
await attempt('generated sections and pages', checkGenerated);
await attempt('the story of the sample', checkStory);
await attempt('figures', () => checkFigures(sample));
await attempt('completeness and payment', () => checkCompleteness(sample));
await attempt('why', checkWhy);
await attempt('feeds', checkFeeds);
await attempt('the national return', () => checkNational(sample));
await attempt('statements', checkStatements);
await attempt('webhooks', checkWebhooks);
await attempt('answers', checkAnswers);
await attempt('streams', checkStreams);
await attempt('uploads', checkUploads);
await attempt('the calendar, providers, schemas', checkCalendar);
await attempt('lookups', checkLookups);
await attempt('keys', checkKeys);
await attempt('the framework', checkFramework);
await attempt('the schema of the framework file', checkFrameworkSchema);
await attempt('the chain', checkChain);
await attempt('erasure', checkErasure);
await attempt('the README', checkReadme);
await attempt('coverage', checkCoverage);
await attempt('the validator and Ajv', checkFrameworkAgreement);
agent.destroy();
finish();
