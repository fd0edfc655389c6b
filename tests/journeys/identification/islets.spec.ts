import { describe } from 'vitest';
import { journeysIn } from './journeys-in.ts';

describe('in islets', () => journeysIn('islets'));
