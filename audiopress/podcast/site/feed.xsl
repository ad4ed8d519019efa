<?xml version="1.0" encoding="UTF-8"?>
<!-- The feed as people see it: what this address is for, how to subscribe, and the episodes. Browsers that know no
     XSLT use feed.css. -->
<xsl:stylesheet
  version="1.0"
  xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0"
  exclude-result-prefixes="atom itunes podcast"
>
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat" indent="no"/>

  <xsl:variable name="months" select="'JanFebMarAprMayJunJulAugSepOctNovDec'"/>
  <xsl:variable name="jalali" select="'فروردین  اردیبهشت خرداد    تیر      مرداد    شهریور   مهر      آبان     آذر      دی       بهمن     اسفند    '"/>

  <xsl:template match="/rss">
    <html lang="{channel/language}" dir="rtl">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title><xsl:value-of select="channel/title"/> – خوراک پادکست</title>
        <link rel="stylesheet" href="assets/site.css"/>
      </head>
      <body><xsl:apply-templates select="channel"/></body>
    </html>
  </xsl:template>

  <xsl:template match="channel">
    <header class="cover">
      <xsl:if test="image/url"><img src="{image/url}" alt="" width="3000" height="3000"/></xsl:if>
      <div>
        <h1><xsl:value-of select="title"/></h1>
        <p class="author"><xsl:value-of select="itunes:author"/></p>
        <p class="description"><xsl:value-of select="description"/></p>
      </div>
    </header>
    <main>
      <section class="subscribe">
        <h2>این صفحه خوراک یک پادکست است</h2>
        <p>
          برنامه‌های پادکست این نشانی را می‌خوانند تا قسمت‌های تازه را به شما برسانند. برای اشتراک، نشانی زیر را در
          برنامهٔ پادکست خود وارد کنید.
        </p>
        <xsl:choose>
          <xsl:when test="atom:link[@rel = 'self']">
            <p class="address"><code dir="ltr"><xsl:value-of select="atom:link[@rel = 'self']/@href"/></code></p>
          </xsl:when>
          <xsl:otherwise><p class="hint">نشانی را از نوار نشانی مرورگر بردارید.</p></xsl:otherwise>
        </xsl:choose>
        <ul class="links"><li><a href="{link}">صفحهٔ این پادکست</a></li></ul>
      </section>
      <section>
        <h2>قسمت‌ها</h2>
        <xsl:if test="not(item)"><p>هنوز قسمتی منتشر نشده است.</p></xsl:if>
        <xsl:apply-templates select="item"/>
        <xsl:if test="atom:link[@rel = 'previous' or @rel = 'next']">
          <ul class="links">
            <xsl:if test="atom:link[@rel = 'previous']">
              <li><a href="{atom:link[@rel = 'previous']/@href}">قسمت‌های تازه‌تر</a></li>
            </xsl:if>
            <xsl:if test="atom:link[@rel = 'next']">
              <li><a href="{atom:link[@rel = 'next']/@href}">قسمت‌های قدیمی‌تر</a></li>
            </xsl:if>
          </ul>
        </xsl:if>
      </section>
    </main>
  </xsl:template>

  <xsl:template match="item">
    <xsl:variable name="text" select="podcast:transcript[@type = 'text/html'][1]/@url"/>
    <article>
      <h3>
        <xsl:choose>
          <xsl:when test="$text"><a href="{$text}"><xsl:value-of select="title"/></a></xsl:when>
          <xsl:otherwise><xsl:value-of select="title"/></xsl:otherwise>
        </xsl:choose>
      </h3>
      <p class="facts">
        <span><xsl:apply-templates select="pubDate"/></span>
        <xsl:apply-templates select="itunes:duration"/>
      </p>
      <p class="description"><xsl:value-of select="description"/></p>
      <audio controls="controls" preload="none" src="{enclosure/@url}" aria-label="پخش «{title}»"/>
    </article>
  </xsl:template>

  <!-- 249 → ۴:۰۹ -->
  <xsl:template match="itunes:duration">
    <xsl:variable name="hours" select="floor(. div 3600)"/>
    <xsl:variable name="minutes" select="floor(. div 60) mod 60"/>
    <xsl:variable name="clock">
      <xsl:if test="$hours &gt; 0"><xsl:value-of select="concat($hours, ':')"/></xsl:if>
      <xsl:choose>
        <xsl:when test="$hours &gt; 0"><xsl:value-of select="format-number($minutes, '00')"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="$minutes"/></xsl:otherwise>
      </xsl:choose>
      <xsl:value-of select="concat(':', format-number(. mod 60, '00'))"/>
    </xsl:variable>
    <span><xsl:value-of select="translate($clock, '0123456789', '۰۱۲۳۴۵۶۷۸۹')"/></span>
  </xsl:template>

  <!-- Wed, 25 Nov 2026 10:00:00 +0330 → ۴ آذر ۱۴۰۵. The day is counted as a Julian day number; years of the Persian
       calendar follow a cycle of 33 with 8 leap years (the 1st, 5th, 9th, 13th, 17th, 22nd, 26th and 30th), which is right
       from 1800 to 2200. The cycle here begins on 1 Farvardin 1387, Julian day 2454546. -->
  <xsl:template match="pubDate">
    <xsl:variable name="date" select="substring-after(., ', ')"/>
    <xsl:variable name="day" select="number(substring-before($date, ' '))"/>
    <xsl:variable name="month" select="string-length(substring-before($months, substring(substring-after($date, ' '), 1, 3))) div 3 + 1"/>
    <xsl:variable name="year" select="number(substring(substring-after($date, ' '), 5, 4))"/>
    <!-- Years and months counted from March, so that leap days come last. -->
    <xsl:variable name="early" select="number($month &lt; 3)"/>
    <xsl:variable name="y" select="$year + 4800 - $early"/>
    <xsl:variable name="m" select="$month - 3 + 12 * $early"/>
    <xsl:variable name="julian" select="$day + floor((153 * $m + 2) div 5) + 365 * $y + floor($y div 4) - floor($y div 100) + floor($y div 400) - 32045"/>
    <xsl:variable name="cycle" select="floor(($julian - 2454546) div 12053)"/>
    <xsl:variable name="rest" select="$julian - 2454546 - 12053 * $cycle"/>
    <xsl:variable name="guess" select="floor($rest div 366)"/>
    <xsl:variable name="years" select="$guess + number($rest &gt;= 365 * ($guess + 1) + floor(($guess + 4 - number($guess &gt;= 20)) div 4))"/>
    <xsl:variable name="passed" select="$rest - 365 * $years - floor(($years + 3 - number($years &gt;= 21)) div 4)"/>
    <xsl:variable name="late" select="number($passed &gt;= 186)"/>
    <xsl:variable name="number" select="floor(($passed - 186 * $late) div (31 - $late)) + 6 * $late"/>
    <xsl:variable name="left" select="($passed - 186 * $late) mod (31 - $late) + 1"/>
    <xsl:variable name="name" select="normalize-space(substring($jalali, 9 * $number + 1, 9))"/>
    <xsl:variable name="text" select="concat($left, ' ', $name, ' ', 1387 + 33 * $cycle + $years)"/>
    <xsl:value-of select="translate($text, '0123456789', '۰۱۲۳۴۵۶۷۸۹')"/>
  </xsl:template>
</xsl:stylesheet>
