// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Equilibrium, Regime, StackelbergPricing, PricingTerms} from "../../contracts/market/StackelbergPricing.sol";

contract StackelbergPricingTest {
    uint256 private constant LIMIT = type(uint120).max;
    uint256 private constant STEPS = 24;

    /**
     * @notice No price of a grid between the bounds earns more. The equilibrium may lose what one wei of demand earns, which the demand's
     * rounding down may take at its price, and what the price's own rounding up costs: at most (c - dMin) / lambdaMin.
     */
    function testFuzz_NoPriceInTheBoundsEarnsMore(uint120[6] calldata seeds, uint48 sizes) external pure {
        PricingTerms memory terms = _terms(seeds, sizes);
        Equilibrium memory found = StackelbergPricing.equilibrium(terms);
        uint256 loss = found.lambda - terms.gamma + terms.c / terms.lambdaMin + 1;
        uint256 earned = _earned(terms, found.lambda) + loss;
        for (uint256 i = 0; i <= STEPS; ++i) {
            assert(_earned(terms, terms.lambdaMin + ((terms.lambdaMax - terms.lambdaMin) * i) / STEPS) <= earned);
            // And closer and closer to the price itself, on both sides.
            uint256 distance = found.lambda >> (5 * i);
            if (distance <= found.lambda - terms.lambdaMin) assert(_earned(terms, found.lambda - distance) <= earned);
            if (distance <= terms.lambdaMax - found.lambda) assert(_earned(terms, found.lambda + distance) <= earned);
        }
    }

    /// @notice The result is within the bounds, the amount is the demand at the price, and the regime says where it lies.
    function testFuzz_TheResultIsWhatItSays(uint120[6] calldata seeds, uint48 sizes) external pure {
        PricingTerms memory terms = _terms(seeds, sizes);
        Equilibrium memory found = StackelbergPricing.equilibrium(terms);
        assert(terms.lambdaMin <= found.lambda && found.lambda <= terms.lambdaMax);
        assert(found.d == StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, found.lambda));
        bool isBinding = found.d == terms.dMin;
        if (found.lambda == terms.lambdaMax) {
            assert(found.regime == (isBinding ? Regime.AtMaximumBinding : Regime.AtMaximumSlack));
        } else {
            assert(!isBinding);
            assert(found.regime == (found.lambda == terms.lambdaMin ? Regime.AtMinimum : Regime.Interior));
        }
    }

    /// @notice With any supply that is not refused, the consumer takes no more than that at any price in the bounds.
    function testFuzz_TheSupplyIsEnough(uint120[6] calldata seeds, uint48 sizes, uint120 left) external pure {
        PricingTerms memory terms = _terms(seeds, sizes);
        uint256 least = StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, terms.lambdaMax) + 1;
        if (least > LIMIT) return;
        uint256 supply = least + (left % (LIMIT - least + 1));
        PricingTerms memory narrowed = StackelbergPricing.withSupply(terms, supply);
        assert(narrowed.lambdaMin >= terms.lambdaMin && narrowed.lambdaMax == terms.lambdaMax);
        assert(StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, narrowed.lambdaMin) <= supply);
        assert(StackelbergPricing.equilibrium(narrowed).d <= supply);
        // And the bound is no higher than it has to be: a wei lower, the consumer may want it all.
        if (narrowed.lambdaMin > terms.lambdaMin) {
            assert(StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, narrowed.lambdaMin - 1) >= supply);
        }
    }

    /// @notice Nobody pays more than they said.
    function testFuzz_TheMaximumPriceHolds(uint120[6] calldata seeds, uint48 sizes, uint256 maxPrice) external pure {
        PricingTerms memory terms = _terms(seeds, sizes);
        uint256 price = maxPrice < terms.lambdaMin ? terms.lambdaMin : maxPrice;
        assert(StackelbergPricing.equilibrium(StackelbergPricing.withMaxPrice(terms, price)).lambda <= price);
    }

    /// @notice Profit and utility add up to the welfare, and none is above the first best, but for what the logarithm is off.
    function testFuzz_PaymentsCancel(uint120[6] calldata seeds, uint48 sizes, uint120 seed) external pure {
        PricingTerms memory terms = _terms(seeds, sizes);
        uint256 lambda = terms.lambdaMin + (seed % (terms.lambdaMax - terms.lambdaMin + 1));
        int256 welfare = StackelbergPricing.welfare(terms, lambda);
        assert(StackelbergPricing.profit(terms, lambda) + StackelbergPricing.utility(terms, lambda) == welfare);
        assert(StackelbergPricing.profit(terms, lambda) >= 0);
        (uint256 d, int256 best) = StackelbergPricing.firstBest(terms);
        assert(d == StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, terms.gamma));
        assert(welfare <= best + int256(terms.alpha / 1e17 + terms.gamma / 1e18 + 2));
    }

    /// @notice Every function takes the largest and the smallest inputs, in any mixture.
    function test_NothingOverflowsAtTheCorners() external pure {
        for (uint256 corner = 0; corner < 64; ++corner) {
            uint256 floor = corner & 8 == 0 ? 1 : LIMIT;
            PricingTerms memory terms = PricingTerms({
                alpha: corner & 1 == 0 ? 0 : LIMIT,
                c: corner & 2 == 0 ? 1 : LIMIT,
                dMin: corner & 4 == 0 ? 1 : LIMIT,
                gamma: corner & 16 == 0 ? 1 : floor,
                lambdaMin: floor,
                lambdaMax: corner & 32 == 0 ? floor : LIMIT
            });
            _touch(terms);
            // One above and one below another, where differences are smallest.
            if (terms.dMin == LIMIT && terms.c == LIMIT) --terms.dMin;
            _touch(terms);
        }
    }

    function _touch(PricingTerms memory terms) private pure {
        Equilibrium memory found = StackelbergPricing.equilibrium(
            StackelbergPricing.withMaxPrice(terms, type(uint256).max)
        );
        assert(StackelbergPricing.payment(found.lambda, found.d) >= StackelbergPricing.payment(terms.gamma, found.d));
        int256 welfare = StackelbergPricing.welfare(terms, 1);
        assert(StackelbergPricing.profit(terms, 1) + StackelbergPricing.utility(terms, 1) == welfare);
        (uint256 d, ) = StackelbergPricing.firstBest(terms);
        assert(d >= found.d);
        if (found.d < LIMIT) assert(StackelbergPricing.withSupply(terms, LIMIT).lambdaMax == terms.lambdaMax);
    }

    /// @dev What the provider earns, exact, in WAD of WAD.
    function _earned(PricingTerms memory terms, uint256 lambda) private pure returns (uint256) {
        return (lambda - terms.gamma) * StackelbergPricing.demand(terms.alpha, terms.c, terms.dMin, lambda);
    }

    /// @dev Terms of any order of magnitude each: `sizes` says by how many bits to shorten each seed.
    function _terms(uint120[6] calldata seeds, uint48 sizes) private pure returns (PricingTerms memory terms) {
        uint256[6] memory values;
        for (uint256 i = 0; i < 6; ++i) values[i] = (seeds[i] >> ((sizes >> (8 * i)) % 120)) | 1;
        (uint256 low, uint256 middle, uint256 high) = _ascending(values[3], values[4], values[5]);
        return PricingTerms(values[0], values[1], values[2], low, middle, high);
    }

    function _ascending(uint256 a, uint256 b, uint256 c) private pure returns (uint256, uint256, uint256) {
        if (a > b) (a, b) = (b, a);
        if (b > c) (b, c) = (c, b);
        if (a > b) (a, b) = (b, a);
        return (a, b, c);
    }
}
