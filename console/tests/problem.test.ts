/** What the reader is told when something goes wrong. */
import {
  CertificateOutdatedErrorCode,
  HttpFetchErrorCode,
  MalformedSignatureErrorCode,
  ProtocolError,
  QuerySignatureVerificationFailedErrorCode,
  RejectError,
  ReplicaRejectCode,
  TransportError,
  TrustError,
  UncertifiedRejectErrorCode,
} from '@icp-sdk/core/agent';
import { expect, it } from 'vitest';
import { AccessError } from '../src/access';
import { describeProblem } from '../src/problem';

const requestId = new Uint8Array(32) as ConstructorParameters<typeof CertificateOutdatedErrorCode>[1];
const rejection = (text: string) =>
  RejectError.fromCode(
    new UncertifiedRejectErrorCode(requestId, ReplicaRejectCode.CanisterError, text, 'IC0406', undefined),
  );

const CASES: [what: string, error: unknown, title: string][] = [
  [
    'no network',
    TransportError.fromCode(new HttpFetchErrorCode(new TypeError('failed'))),
    'The network cannot be reached.',
  ],
  [
    'a signature that is wrong',
    TrustError.fromCode(new QuerySignatureVerificationFailedErrorCode('node')),
    'An answer had no valid signature, so it is not shown.',
  ],
  [
    'a signature that is missing',
    ProtocolError.fromCode(new MalformedSignatureErrorCode('none')),
    'An answer had no valid signature, so it is not shown.',
  ],
  [
    'an old certificate',
    TrustError.fromCode(new CertificateOutdatedErrorCode(5, requestId, 1)),
    'An answer is too old to be trusted.',
  ],
  [
    'a key without the right',
    rejection('… Caller is not a controller of the orbiter.'),
    'This key may not read the orbiter.',
  ],
  ['a wrong id', rejection('Canister aaaaa-aa not found'), 'There is no orbiter at this id.'],
  ['another refusal', rejection('Too much at once.'), 'The orbiter refused the question.'],
  ['a bad link', new AccessError('No key.'), 'This link cannot be used.'],
  ['anything else', new Error('boom'), 'Something unexpected went wrong.'],
];

it.each(CASES)('%s is put in words', (_, error, title) => {
  expect(describeProblem(error).title).toBe(title);
  expect(describeProblem(error).advice).not.toBe('');
});
