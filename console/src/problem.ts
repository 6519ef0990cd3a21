/** What went wrong, in words, and what to do about it. */
import {
  AgentError,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  ErrorKindEnum,
  ExcessiveSignaturesErrorCode,
  HttpErrorCode,
  MalformedPublicKeyErrorCode,
  MalformedSignatureErrorCode,
  RejectError,
  TransportError,
  UncertifiedRejectErrorCode,
} from '@icp-sdk/core/agent';
import { AccessError } from './access';

export interface Problem {
  title: string;
  advice: string;
}

const UNREACHABLE: Problem = {
  title: 'The network cannot be reached.',
  advice:
    'Check your connection; if the network runs on your machine, check that it is still running (scripts/run). This page keeps trying.',
};

const NOT_PERMITTED: Problem = {
  title: 'This key may not read the orbiter.',
  advice:
    'It may have expired or been removed. Run “orbiter deploy” again as the orbiter’s admin and open the link it prints.',
};

const BAD_SIGNATURE: Problem = {
  title: 'An answer had no valid signature, so it is not shown.',
  advice:
    'Somebody between you and the orbiter, or a faulty node, changed it. Figures below are the last that were verified. This page keeps trying; if it goes on, do not trust this gateway.',
};

const WRONG_TIME: Problem = {
  title: 'An answer is too old to be trusted.',
  advice: 'Check the clock of this device: it must be right to within five minutes.',
};

/** The problem that a rejected call tells of. */
const rejected = (message: string): Problem => {
  if (/Caller is not an? .*controller of the orbiter/.test(message)) return NOT_PERMITTED;
  if (/canister.*(not found|contains no Wasm|no wasm module)/i.test(message)) {
    return {
      title: 'There is no orbiter at this id.',
      advice: 'The network may have been started anew. Run “orbiter deploy” and open the link it prints.',
    };
  }
  return { title: 'The orbiter refused the question.', advice: message };
};

/** What the agent calls a breach of protocol, but is a signature that is missing, surplus or by nobody we know. */
const SIGNATURE_CODES = [
  ExcessiveSignaturesErrorCode,
  MalformedPublicKeyErrorCode,
  MalformedSignatureErrorCode,
] as const;

const isBadSignature = (error: AgentError): boolean =>
  error.kind === ErrorKindEnum.Trust || SIGNATURE_CODES.some((code) => error.code instanceof code);

/** Finds the words for an error. */
export const describeProblem = (error: unknown): Problem => {
  if (error instanceof AccessError) {
    return { title: 'This link cannot be used.', advice: error.message };
  }
  if (!(error instanceof AgentError)) {
    return { title: 'Something unexpected went wrong.', advice: String(error) };
  }
  const { code } = error;
  if (error.hasCode(CertificateOutdatedErrorCode) || error.hasCode(CertificateTimeErrorCode))
    return WRONG_TIME;
  if (isBadSignature(error)) return BAD_SIGNATURE;
  if (error instanceof RejectError) {
    return rejected(code instanceof UncertifiedRejectErrorCode ? code.rejectMessage : error.message);
  }
  if (error instanceof TransportError || code instanceof HttpErrorCode) return UNREACHABLE;
  return { title: 'The network gave an answer that cannot be read.', advice: error.message };
};
