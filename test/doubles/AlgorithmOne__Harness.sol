// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Equilibrium, StackelbergPricing, PricingTerms} from "../../contracts/market/StackelbergPricing.sol";

/**
 * @title AlgorithmOne__Harness
 * @notice The paper's Algorithm 1 for one consumer, line by line, beside the closed form: what each finds, and for how much gas.
 */
contract AlgorithmOne__Harness {
    uint256 private constant WAD = 1e18;

    /// @notice What the algorithm keeps: its four starred variables.
    struct Outcome {
        int256 profit;
        int256 utility;
        uint256 lambda;
        int256 d;
    }

    /// @notice The gas of {StackelbergPricing-equilibrium}, with the terms in memory.
    function gasOfEquilibrium(
        PricingTerms memory terms
    ) external view returns (uint256 used, Equilibrium memory found) {
        uint256 before = gasleft();
        found = StackelbergPricing.equilibrium(terms);
        used = before - gasleft();
    }

    /// @notice The gas of the loop from lambdaMax down to lambdaMin, by one unit.
    /// @param asMeant Without lines 3-6, which give up where the price of eq. (15) exists, and lines 13-15, which stop after one price.
    function gasOfLoop(
        PricingTerms memory terms,
        bool asMeant
    ) external view returns (uint256 used, Outcome memory found) {
        uint256 before = gasleft();
        found = asMeant ? _asMeant(terms) : _asPrinted(terms);
        used = before - gasleft();
    }

    function _asPrinted(PricingTerms memory terms) private pure returns (Outcome memory best) {
        for (uint256 lambda = terms.lambdaMax; lambda >= terms.lambdaMin; lambda -= WAD) {
            if (terms.dMin < terms.c) {
                best.lambda = 0;
                best.d = 0;
                break;
            }
            Outcome memory tried = _try(terms, lambda);
            if (tried.profit >= best.profit) best = tried;
            if (tried.profit <= best.profit) break;
        }
    }

    function _asMeant(PricingTerms memory terms) private pure returns (Outcome memory best) {
        for (uint256 lambda = terms.lambdaMax; lambda >= terms.lambdaMin; lambda -= WAD) {
            Outcome memory tried = _try(terms, lambda);
            if (tried.profit >= best.profit) best = tried;
        }
    }

    /// @dev Lines 7 to 9. Eq. (10) as printed: without the bound that the amount is at least dMin.
    function _try(PricingTerms memory terms, uint256 lambda) private pure returns (Outcome memory) {
        int256 wanted = int256((terms.alpha * WAD) / lambda);
        int256 d = wanted + int256(terms.dMin) - int256(terms.c);
        int256 satisfied = (int256(terms.alpha) * FixedPointMathLib.lnWad(wanted)) / int256(WAD);
        int256 paid = (int256(lambda) * d) / int256(WAD);
        return Outcome(paid - (int256(terms.gamma) * d) / int256(WAD), satisfied - paid, lambda, d);
    }
}
