// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @notice What the game between a provider and one consumer is played over. WAD = 1e18 is one; each at most 2^120 - 1.
/// @param alpha How much the consumer's satisfaction weighs; 0 for a consumer who takes the least amount at any price.
/// @param c What using the data costs the consumer, in records; not zero.
/// @param dMin The least amount the consumer takes, in records; not zero.
/// @param gamma What providing a record costs, in coin; not zero.
/// @param lambdaMin The least price of a record, in coin; at least `gamma`.
/// @param lambdaMax The greatest price of a record, in coin; at least `lambdaMin`.
struct PricingTerms {
    uint256 alpha;
    uint256 c;
    uint256 dMin;
    uint256 gamma;
    uint256 lambdaMin;
    uint256 lambdaMax;
}

/**
 * @notice Where the equilibrium lies: at the price of eq. (15) between the bounds, at the least price, or at the greatest, there with the
 * consumer taking more than the least amount (slack) or only that (binding). Bounds that are equal count as the greatest.
 */
enum Regime {
    Interior,
    AtMinimum,
    AtMaximumSlack,
    AtMaximumBinding
}

/// @param lambda The price of a record, in WAD of coin.
/// @param d The amount that the consumer takes at that price, in WAD of records.
/// @param regime Where that lies.
struct Equilibrium {
    uint256 lambda;
    uint256 d;
    Regime regime;
}

/// @notice The consumer's cost is zero: its satisfaction would have no lower bound.
error PricingCostInvalid(uint256 c);
/// @notice The least amount is zero.
error PricingDemandInvalid(uint256 dMin);
/// @notice The provider's cost is zero.
error PricingGammaInvalid(uint256 gamma);
/// @notice The least price does not cover the provider's cost.
error PricingFloorInvalid(uint256 lambdaMin, uint256 gamma);
/// @notice The greatest price is below the least.
error PricingCeilingInvalid(uint256 lambdaMax, uint256 lambdaMin);
/// @notice An input is larger than the arithmetic is exact for.
error PricingInputTooLarge(uint256 value, uint256 limit);
/// @notice The consumer takes at least `needed` at any price up to the greatest, and there is less.
error SupplyInsufficient(uint256 supply, uint256 needed);
/// @notice The consumer pays less than the least price.
error NoTrade(uint256 maxPrice, uint256 lambdaMin);

/**
 * @title StackelbergPricing
 * @notice The pricing game of one provider, who sets a price, and one consumer, who then chooses an amount, in closed form.
 *
 * At price l the consumer takes d(l) = dMin + max(0, alpha/l - c): eq. (10), but never less than dMin. The provider earns
 * G(l) = (l - gamma) d(l), which rises up to eq. (15)'s price sqrt(gamma alpha / (c - dMin)), falls to the price alpha/c at which the
 * consumer takes only dMin, and rises from there on. So the best price is eq. (15)'s, moved between the bounds, or the greatest;
 * where dMin >= c, G only rises. Of two prices that earn the same, it is the lower.
 *
 * A consumer's maximum price, then a supply, narrow the bounds before: {withMaxPrice}, {withSupply}, {equilibrium}.
 * All numbers are WADs. Amounts are rounded down to the wei, prices and payments up.
 */
library StackelbergPricing {
    uint256 internal constant WAD = 1e18;

    /// @notice The largest input.
    uint256 internal constant LIMIT = type(uint120).max;

    /// @notice The price that earns the provider most, and the amount that the consumer takes at it.
    /// @dev Errors: every `Pricing...` of this file.
    function equilibrium(PricingTerms memory terms) internal pure returns (Equilibrium memory result) {
        check(terms);
        (uint256 alpha, uint256 c, uint256 dMin) = (terms.alpha, terms.c, terms.dMin);
        (uint256 gamma, uint256 ceiling) = (terms.gamma, terms.lambdaMax);

        uint256 lambda = _candidate(terms);
        uint256 d = demand(alpha, c, dMin, lambda);
        if (lambda < ceiling) {
            uint256 dAtCeiling = demand(alpha, c, dMin, ceiling);
            // A price times the demand at it is at most price * dMin + alpha * WAD, so these products are exact.
            if ((lambda - gamma) * d < (ceiling - gamma) * dAtCeiling) (lambda, d) = (ceiling, dAtCeiling);
        }

        result.lambda = lambda;
        result.d = d;
        if (lambda == ceiling) result.regime = d > dMin ? Regime.AtMaximumSlack : Regime.AtMaximumBinding;
        else result.regime = lambda == terms.lambdaMin ? Regime.AtMinimum : Regime.Interior;
    }

    /// @notice The terms for a consumer who pays at most `maxPrice` for a record.
    /// @dev Errors: {NoTrade}.
    /// @param maxPrice Of any size.
    function withMaxPrice(PricingTerms memory terms, uint256 maxPrice) internal pure returns (PricingTerms memory) {
        if (maxPrice < terms.lambdaMin) revert NoTrade(maxPrice, terms.lambdaMin);
        uint256 ceiling = FixedPointMathLib.min(terms.lambdaMax, maxPrice);
        return PricingTerms(terms.alpha, terms.c, terms.dMin, terms.gamma, terms.lambdaMin, ceiling);
    }

    /// @notice The terms of a provider that has only `supply` records: at no price in their bounds does the consumer take more.
    /// @dev Errors: every `Pricing...` of this file, {SupplyInsufficient}.
    /// @param supply In WAD of records, at most 2^120 - 1.
    function withSupply(PricingTerms memory terms, uint256 supply) internal pure returns (PricingTerms memory) {
        check(terms);
        _requireWithin(supply);
        (uint256 alpha, uint256 c, uint256 dMin) = (terms.alpha, terms.c, terms.dMin);
        if (supply < dMin) revert SupplyInsufficient(supply, _demandUp(terms));

        // From this price on, alpha / price - c is at most what is left above dMin.
        uint256 bound = FixedPointMathLib.divUp(alpha * WAD, supply - dMin + c);
        if (bound > terms.lambdaMax) revert SupplyInsufficient(supply, _demandUp(terms));
        uint256 floor = FixedPointMathLib.max(terms.lambdaMin, bound);
        return PricingTerms(alpha, c, dMin, terms.gamma, floor, terms.lambdaMax);
    }

    /// @notice Refuses terms that are no game.
    /// @dev Errors: every `Pricing...` of this file.
    function check(PricingTerms memory terms) internal pure {
        (uint256 alpha, uint256 c, uint256 dMin) = (terms.alpha, terms.c, terms.dMin);
        (uint256 gamma, uint256 floor, uint256 ceiling) = (terms.gamma, terms.lambdaMin, terms.lambdaMax);
        if (alpha | c | dMin | gamma | floor | ceiling > LIMIT) {
            _requireWithin(alpha);
            _requireWithin(c);
            _requireWithin(dMin);
            _requireWithin(gamma);
            _requireWithin(floor);
            _requireWithin(ceiling);
        }
        if (c == 0) revert PricingCostInvalid(c);
        if (dMin == 0) revert PricingDemandInvalid(dMin);
        if (gamma == 0) revert PricingGammaInvalid(gamma);
        if (floor < gamma) revert PricingFloorInvalid(floor, gamma);
        if (ceiling < floor) revert PricingCeilingInvalid(ceiling, floor);
    }

    /// @notice What the consumer takes at a price, eq. (10) with d >= dMin: `dMin + max(0, alpha / lambda - c)`, rounded down.
    /// @param lambda Not zero.
    function demand(uint256 alpha, uint256 c, uint256 dMin, uint256 lambda) internal pure returns (uint256) {
        uint256 wanted = (alpha * WAD) / lambda;
        return wanted > c ? dMin + (wanted - c) : dMin;
    }

    /// @notice What `d` records cost at a price, rounded up.
    /// @param lambda At most 2^120 - 1.
    /// @param d At most 2^181, which no demand exceeds.
    function payment(uint256 lambda, uint256 d) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(lambda, d, WAD);
    }

    /// @notice What the provider earns at a price, eq. (1): the payment less the cost of what is sold; negative below `gamma`.
    /// @param terms Checked ones; their bounds do not matter here.
    /// @param lambda From 1 to 2^120 - 1.
    function profit(PricingTerms memory terms, uint256 lambda) internal pure returns (int256) {
        uint256 d = demand(terms.alpha, terms.c, terms.dMin, lambda);
        // A payment is below 2^242.
        return int256(payment(lambda, d)) - int256(payment(terms.gamma, d));
    }

    /// @notice What the consumer gains at a price, eq. (3): satisfaction less payment.
    /// @param terms Checked ones; their bounds do not matter here.
    /// @param lambda From 1 to 2^120 - 1.
    function utility(PricingTerms memory terms, uint256 lambda) internal pure returns (int256) {
        uint256 d = demand(terms.alpha, terms.c, terms.dMin, lambda);
        return satisfaction(terms, d) - int256(payment(lambda, d));
    }

    /// @notice What both gain at a price, problem C's sum for the two: the payment cancels, so it is exactly profit plus utility.
    /// @param terms Checked ones; their bounds do not matter here.
    /// @param lambda From 1 to 2^120 - 1.
    function welfare(PricingTerms memory terms, uint256 lambda) internal pure returns (int256) {
        uint256 d = demand(terms.alpha, terms.c, terms.dMin, lambda);
        return satisfaction(terms, d) - int256(payment(terms.gamma, d));
    }

    /// @notice The amount that is best for both together, and what they then gain: the consumer's demand at price `gamma`.
    /// @param terms Checked ones; their bounds do not matter here.
    function firstBest(PricingTerms memory terms) internal pure returns (uint256 d, int256 gain) {
        d = demand(terms.alpha, terms.c, terms.dMin, terms.gamma);
        gain = welfare(terms, terms.gamma);
    }

    /// @notice What an amount is worth to the consumer, eq. (2): `alpha ln(d - dMin + c)`.
    /// @param terms Checked ones.
    /// @param d From `dMin` to 2^181.
    function satisfaction(PricingTerms memory terms, uint256 d) internal pure returns (int256) {
        int256 logarithm = FixedPointMathLib.lnWad(int256(d - terms.dMin + terms.c));
        return (int256(terms.alpha) * logarithm) / int256(WAD);
    }

    /// @dev Eq. (15)'s price rounded up, between the bounds; the greatest price where G only rises.
    function _candidate(PricingTerms memory terms) private pure returns (uint256) {
        (uint256 floor, uint256 ceiling) = (terms.lambdaMin, terms.lambdaMax);
        if (terms.dMin >= terms.c || terms.alpha == 0) return ceiling;
        uint256 product = terms.gamma * terms.alpha;
        uint256 slope = terms.c - terms.dMin;
        // Its root would be above 2^125, and so above the ceiling; below, nothing overflows.
        if (product / slope >= 1 << 192) return ceiling;

        uint256 square = FixedPointMathLib.fullMulDivUp(product, WAD, slope);
        uint256 root = FixedPointMathLib.sqrt(square);
        if (root * root < square) ++root;
        return FixedPointMathLib.clamp(root, floor, ceiling);
    }

    /// @dev The demand at the greatest price, rounded up, so that it is above any supply that does not reach.
    function _demandUp(PricingTerms memory terms) private pure returns (uint256) {
        uint256 wanted = FixedPointMathLib.divUp(terms.alpha * WAD, terms.lambdaMax);
        return wanted > terms.c ? terms.dMin + (wanted - terms.c) : terms.dMin;
    }

    function _requireWithin(uint256 value) private pure {
        if (value > LIMIT) revert PricingInputTooLarge(value, LIMIT);
    }
}
